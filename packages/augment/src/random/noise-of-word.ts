/** Mean of the sum of four bytes that are uniform on 0 ... 255. */
const MEAN = 4 * 127.5;
/** Their standard deviation: each byte has variance (256^2 - 1) / 12. */
const DEVIATION = Math.sqrt((4 * (256 * 256 - 1)) / 12);

/**
 * Noise of mean 0 and variance 1 from one random 32-bit word: its four bytes added up. Close to normal (excess kurtosis -0.3,
 * never beyond 3.5 deviations) at a tenth of the cost of a normal quantile, with the same bits on every platform.
 */
export function noiseOfWord(word: number): number {
  const sum = (word & 0xff) + ((word >>> 8) & 0xff) + ((word >>> 16) & 0xff) + (word >>> 24);
  return (sum - MEAN) / DEVIATION;
}
