import { type RandomKey, uniforms } from '@patchbert/random';
import { checkedOption } from '../points/checked-option.ts';
import { outputFor } from '../points/checked-points.ts';
import type { SeriesPoints } from '../points/series-points.ts';
import { keepPoints } from './keep-points.ts';

export interface DropChannelsOptions {
  /** Probability of each channel to be hidden, from 0 and below 1. */
  readonly share: number;
}

/**
 * Hides whole channels, each with probability `share` and on its own, but never all in which something is visible: then one
 * of them, drawn alike, stays. A share of 0 changes nothing.
 *
 * @param out where to write, `[channels * length]`, may be `points` itself; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`.
 * @example
 * const fewer = dropChannels(points, { share: 0.1 }, deriveKey(randomKey(0), 'channels', step, id));
 */
export function dropChannels(
  points: SeriesPoints,
  { share }: DropChannelsOptions,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  checkedOption('dropChannels', 'share', share, 1);
  const target = outputFor('dropChannels', points, out);
  const draws = uniforms(key, points.channels + 1);
  const channels = Uint8Array.from({ length: points.channels }, (_, c) => (draws[c]! < share ? 0 : 1));
  const seen = visibleChannels(points);
  if (seen.length > 0 && seen.every((c) => channels[c] === 0)) {
    channels[seen[Math.floor(draws[points.channels]! * seen.length)]!] = 1;
  }
  return keepPoints(points, { channels }, target);
}

function visibleChannels({ channels, length, visible }: SeriesPoints): number[] {
  return Array.from({ length: channels }, (_, c) => c).filter((c) =>
    visible.subarray(c * length, (c + 1) * length).includes(1),
  );
}
