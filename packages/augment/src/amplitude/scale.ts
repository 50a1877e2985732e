import { normals, type RandomKey } from '@patchbert/random';
import { checkedOption } from '../points/checked-option.ts';
import { outputFor } from '../points/checked-points.ts';
import type { SeriesPoints } from '../points/series-points.ts';

export interface ScaleOptions {
  /** Standard deviation of the factor, whose mean is 1. */
  readonly deviation: number;
}

/**
 * Multiplies the whole series by one factor, `1 + deviation * z` with z standard normal; the same for all channels, so what
 * one channel is beside another stays. A deviation of 0 changes nothing.
 *
 * @param out where to write, `[channels * length]`, may be `points` itself; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`.
 * @example
 * const louder = scale(points, { deviation: 0.1 }, deriveKey(randomKey(0), 'scale', step, id));
 */
export function scale(
  points: SeriesPoints,
  { deviation }: ScaleOptions,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  checkedOption('scale', 'deviation', deviation);
  const target = outputFor('scale', points, out);
  const factor = 1 + deviation * normals(key, 1)[0]!;
  const { values, visible } = points;
  for (let i = 0; i < values.length; i++) {
    const seen = visible[i] === 1;
    target.values[i] = seen ? factor * values[i]! : 0;
    target.visible[i] = seen ? 1 : 0;
  }
  return target;
}
