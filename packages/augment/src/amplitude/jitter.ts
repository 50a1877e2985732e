import { deriveKey, type RandomKey, randomUint32s } from '@patchbert/random';
import { checkedOption } from '../points/checked-option.ts';
import { outputFor } from '../points/checked-points.ts';
import { pointExtent } from '../points/point-extent.ts';
import type { SeriesPoints } from '../points/series-points.ts';
import { noiseOfWord } from '../random/noise-of-word.ts';

export interface JitterOptions {
  /** Standard deviation of the noise, in the unit of the values. */
  readonly deviation: number;
}

/**
 * Adds independent noise of mean 0 to every visible point. The noise is a sum of four random bytes, so close to normal
 * (never beyond 3.5 deviations) and cheap. A deviation of 0 changes nothing.
 *
 * @param out where to write, `[channels * length]`, may be `points` itself; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`.
 * @example
 * const noisy = jitter(points, { deviation: 0.05 }, deriveKey(randomKey(0), 'jitter', step, id));
 */
export function jitter(
  points: SeriesPoints,
  { deviation }: JitterOptions,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  checkedOption('jitter', 'deviation', deviation);
  const target = outputFor('jitter', points, out);
  const { channels, length, values, visible } = points;
  const extent = pointExtent(points);
  for (let c = 0; c < channels; c++) {
    // A stream for each channel, a word for each point: how long the padding is changes no draw.
    const words = randomUint32s(deriveKey(key, c), extent);
    for (let t = 0; t < length; t++) {
      const i = c * length + t;
      const seen = visible[i] === 1;
      target.values[i] = seen ? values[i]! + deviation * noiseOfWord(words[t]!) : 0;
      target.visible[i] = seen ? 1 : 0;
    }
  }
  return target;
}
