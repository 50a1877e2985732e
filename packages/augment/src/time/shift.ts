import { type RandomKey, uniforms } from '@patchbert/random';
import { checkedOption } from '../points/checked-option.ts';
import { separateOutputFor } from '../points/checked-points.ts';
import { pointExtent } from '../points/point-extent.ts';
import type { SeriesPoints } from '../points/series-points.ts';

export interface ShiftOptions {
  /** Farthest shift as a share of the series' length, from 0 and below 1. */
  readonly share: number;
}

/**
 * Moves all channels earlier or later by one whole number of points, uniform on plus or minus `share` of the length; what
 * enters at an end is not visible. A share of 0 changes nothing.
 *
 * @param out where to write, `[channels * length]` with arrays of its own; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`, `augment/same-buffer`.
 * @example
 * const moved = shift(points, { share: 0.1 }, deriveKey(randomKey(0), 'shift', step, id));
 */
export function shift(
  points: SeriesPoints,
  { share }: ShiftOptions,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  checkedOption('shift', 'share', share, 1);
  const target = separateOutputFor('shift', points, out);
  const { channels, length, values, visible } = points;
  const farthest = Math.floor(share * pointExtent(points));
  const by = Math.floor(uniforms(key, 1)[0]! * (2 * farthest + 1)) - farthest;
  for (let c = 0; c < channels; c++) {
    for (let t = 0; t < length; t++) {
      const from = t - by;
      const seen = from >= 0 && from < length && visible[c * length + from] === 1;
      target.values[c * length + t] = seen ? values[c * length + from]! : 0;
      target.visible[c * length + t] = seen ? 1 : 0;
    }
  }
  return target;
}
