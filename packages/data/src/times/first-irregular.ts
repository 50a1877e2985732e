import { inferTimeStep, stepsBetween } from './time-step.ts';

/** Plain numbers in a unit of their own, or milliseconds since 1970. */
export type TimeKind = 'number' | 'date';

/** Numbers such as 0.1, 0.2, 0.30001 may be this share of a step off. */
const ROUNDING = 1e-3;

/** The first time that is not one step after the one before; -1 for none. Dates may be whole calendar months apart. */
export function firstIrregular(times: ArrayLike<number>, kind: TimeKind): number {
  const sequence = Float64Array.from(times);
  if (kind === 'date') {
    const step = inferTimeStep(sequence);
    return sequence.findIndex(
      (time, i) => i > 0 && (step === undefined || stepsBetween(step, sequence[i - 1]!, time) !== 1),
    );
  }
  const back = sequence.findIndex((time, i) => i > 0 && !(time > sequence[i - 1]!));
  if (back > 0) return back;
  const step = middle(sequence.subarray(1).map((time, i) => time - sequence[i]!));
  return sequence.findIndex((time, i) => i > 0 && Math.abs(time - sequence[i - 1]! - step) > ROUNDING * step);
}

function middle(values: Float64Array): number {
  return values.sort()[(values.length - 1) >> 1] ?? 0;
}
