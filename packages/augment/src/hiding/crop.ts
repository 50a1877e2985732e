import { type RandomKey, uniforms } from '@patchbert/random';
import { checkedOption } from '../points/checked-option.ts';
import { outputFor } from '../points/checked-points.ts';
import { pointExtent } from '../points/point-extent.ts';
import type { SeriesPoints } from '../points/series-points.ts';
import { keepPoints } from './keep-points.ts';

export interface CropOptions {
  /** Share of the series that is cut off, both ends together, from 0 and below 1. */
  readonly share: number;
}

/**
 * Keeps one run of all channels, `1 - share` of the series long and anywhere in it, where it is; what lies outside is not
 * visible. At least one point is kept; a share of 0 changes nothing.
 *
 * @param out where to write, `[channels * length]`, may be `points` itself; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`.
 * @example
 * const cropped = crop(points, { share: 0.2 }, deriveKey(randomKey(0), 'crop', step, id));
 */
export function crop(
  points: SeriesPoints,
  { share }: CropOptions,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  checkedOption('crop', 'share', share, 1);
  const target = outputFor('crop', points, out);
  const extent = pointExtent(points);
  const kept = Math.max(1, Math.round(extent * (1 - share)));
  const first = Math.floor(uniforms(key, 1)[0]! * (extent - kept + 1));
  const times = new Uint8Array(points.length).fill(1, first, first + kept);
  return keepPoints(points, { times }, target);
}
