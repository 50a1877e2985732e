/** Multiples of 1, 2 or 5 times a power of ten between two bounds: the densest ladder of at most `limit` of them. */
export function roundTicks(minimum: number, maximum: number, limit: number): number[] {
  if (!(minimum < maximum) || !Number.isFinite(maximum - minimum)) return [minimum];
  const coarsest = Math.ceil(Math.log10(maximum - minimum)) + 1;
  let ticks: number[] = [];
  for (const step of ladder(coarsest)) {
    const finer = multiples(step, minimum, maximum);
    if (finer.length > limit) break;
    ticks = finer;
  }
  return ticks;
}

/** 5, 2 and 1 times falling powers of ten. */
function ladder(coarsest: number): { exponent: number; mantissa: number }[] {
  return [0, 1, 2, 3].flatMap((fall) =>
    [5, 2, 1].map((mantissa) => ({ exponent: coarsest - fall, mantissa })),
  );
}

/** By way of whole numbers, so that three tenths are 0.3 and not a little more. */
function multiples(
  { exponent, mantissa }: { exponent: number; mantissa: number },
  low: number,
  high: number,
) {
  const power = 10 ** Math.abs(exponent);
  const value = (count: number) => (exponent < 0 ? (count * mantissa) / power : count * mantissa * power);
  const [first, last] = [Math.ceil(low / value(1)), Math.floor(high / value(1))];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => value(first + index) || 0);
}
