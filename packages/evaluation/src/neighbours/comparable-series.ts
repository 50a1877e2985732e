import { PatchBertError } from '@patchbert/errors';

/** One series: the values of each channel, all channels of one length; NaN where nothing was measured. */
export type ChannelValues = readonly Float32Array[];

/** Series brought to one length: `[length, channels]` each, time first. */
export interface ComparableSeries {
  readonly length: number;
  readonly channels: number;
  readonly values: readonly Float64Array[];
}

/**
 * Every series stretched linearly to `length` points. A point between a missing one and another is missing too; with
 * `gaps: 'interpolate'` gaps are bridged linearly first, ends continue the nearest point, and a channel without any is 0.
 *
 * Throws `evaluation/bad-series`.
 */
export function comparableSeries(
  where: string,
  series: readonly ChannelValues[],
  channels: number,
  length: number,
  gaps: 'keep' | 'interpolate',
): ComparableSeries {
  const values = series.map((one, i) => {
    const own = checkedLength(where, one, i, channels);
    const stretched = new Float64Array(length * channels);
    one.forEach((channel, c) => {
      const source = gaps === 'interpolate' ? withoutGaps(channel) : channel;
      for (let t = 0; t < length; t++) {
        const place = length === 1 ? 0 : (t * (own - 1)) / (length - 1);
        const before = Math.floor(place);
        const share = place - before;
        const value = source[before]!;
        stretched[t * channels + c] = share === 0 ? value : value + share * (source[before + 1]! - value);
      }
    });
    return stretched;
  });
  return { length, channels, values };
}

/** The number of points of the longest series. */
export function longestOf(series: readonly ChannelValues[]): number {
  return series.reduce((longest, one) => Math.max(longest, one[0]?.length ?? 0), 0);
}

function checkedLength(where: string, one: ChannelValues, index: number, channels: number): number {
  const bad = (what: string) =>
    new PatchBertError('evaluation/bad-series', `${where}: series ${index} ${what}`);
  if (one.length !== channels)
    throw bad(`has ${one.length} channels; the first has ${channels}, make them alike.`);
  const length = one[0]!.length;
  if (length === 0) throw bad('has no points; expected one or more.');
  if (!one.every((channel) => channel.length === length)) {
    throw bad(
      `has channels of ${one.map((channel) => channel.length).join(', ')} points; expected one length.`,
    );
  }
  return length;
}

/** Gaps bridged by straight lines, ends continued by the nearest point; zeros when nothing was measured. */
export function withoutGaps(channel: Float32Array): Float64Array {
  const filled = Float64Array.from(channel);
  let previous = -1;
  for (let t = 0; t <= filled.length; t++) {
    if (t < filled.length && !Number.isFinite(filled[t])) continue;
    const [left, right] = [filled[previous], filled[t]];
    for (let gap = previous + 1; gap < t; gap++) {
      const share = (gap - previous) / (t - previous);
      filled[gap] =
        left !== undefined && right !== undefined ? left + share * (right - left) : (left ?? right ?? 0);
    }
    previous = t;
  }
  return filled;
}
