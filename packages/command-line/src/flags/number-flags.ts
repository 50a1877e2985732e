import { InvalidArgumentError } from 'commander';

/** Parser of a flag that takes a whole number. */
export function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`Expected a whole number of at least ${minimum}.`);
  };
}

/** Parser of a flag that takes a number above 0. */
export function positiveNumber(text: string): number {
  const value = decimal(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

/** Parser of a flag that takes any finite number. */
export function finiteNumber(text: string): number {
  const value = decimal(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

/** Parser of a flag that takes a number from `minimum` to `maximum`, both allowed. */
export function numberBetween(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`Expected a number from ${minimum} to ${maximum}.`);
  };
}

/** Plain decimal numbers only; `NaN` for the empty text, `0x10` and other surprises of `Number`. */
function decimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
