const SMALLEST = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * Whether float32 holds a number in full precision. A factor that a rule computes must be such a number: with 0, infinity
 * or a number too small, the rewritten product would be NaN, or stay finite, where the written one is not.
 */
export function isNormalFloat32(value: number): boolean {
  const size = Math.abs(value);
  return size >= SMALLEST && size <= LARGEST;
}
