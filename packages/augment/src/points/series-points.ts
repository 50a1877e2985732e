import { PatchBertError } from '@patchbert/errors';

/**
 * One series as the augmentations take and give it: all channels in one array, and which points may be looked at.
 *
 * A point is visible when it was observed, lies within the series and is not hidden. What `values` holds elsewhere is never
 * read; results hold 0 there. Hidden points at the end of every channel are padding: they never move the end of a series.
 */
export interface SeriesPoints {
  readonly channels: number;
  /** Points of a channel, padding included. */
  readonly length: number;
  /** `[channels * length]`, channel after channel. */
  readonly values: Float32Array;
  /** `[channels * length]`, 1 visible, 0 not. */
  readonly visible: Uint8Array;
}

/**
 * The points of a series given per channel: NaN becomes a point that is not visible, the end is padded or cut to `length`.
 *
 * @param channels `[channels][points]`, all of one length.
 * @param length points of a channel in the result; as many as there are by default.
 * @throws PatchBertError `augment/bad-series` for no channel or channels of several lengths, `augment/bad-length`.
 * @example
 * const points = seriesPoints([Float32Array.of(1, NaN, 3)], 4); // values [1, 0, 3, 0], visible [1, 0, 1, 0]
 */
export function seriesPoints(
  channels: readonly Float32Array[],
  length = channels[0]?.length ?? 0,
): SeriesPoints {
  const points = emptyPoints(channels.length, length);
  const given = channels[0]!.length;
  channels.forEach((channel, c) => {
    if (channel.length !== given) {
      throw new PatchBertError(
        'augment/bad-series',
        `seriesPoints: channel ${c} has ${channel.length} points and channel 0 has ${given}; expected one length.`,
      );
    }
    const start = c * length;
    for (let t = 0; t < Math.min(given, length); t++) {
      const value = channel[t]!;
      if (Number.isNaN(value)) continue;
      points.values[start + t] = value;
      points.visible[start + t] = 1;
    }
  });
  return points;
}

/**
 * Points of which none is visible, such as a buffer to write results to.
 *
 * @throws PatchBertError `augment/bad-series` for no channel, `augment/bad-length` for no point.
 * @example
 * const buffer = emptyPoints(3, 128);
 */
export function emptyPoints(channels: number, length: number): SeriesPoints {
  if (!Number.isSafeInteger(channels) || channels < 1) {
    throw new PatchBertError(
      'augment/bad-series',
      `emptyPoints: ${channels} channels are not a series; expected 1 or more.`,
    );
  }
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new PatchBertError(
      'augment/bad-length',
      `emptyPoints: length ${length}; expected a whole number from 1.`,
    );
  }
  const count = channels * length;
  return { channels, length, values: new Float32Array(count), visible: new Uint8Array(count) };
}
