import { parseConfig } from '@patchbert/errors';
import { type SeriesModel, type SeriesModelInput, seriesModelSchema } from './series-model.ts';

/** Longest series that is read point by point; longer ones are averaged down to at most this. */
const MOST_POINTS = 1024;
/** Most numbers one token is made of, so that many channels do not make the embedding the whole model. */
const MOST_NUMBERS = 4096;
/** Patches side by side that would fill a series. */
const PATCHES_PER_SERIES = 8;
const SHORTEST_PATCH = 4;
const STRIDES_PER_PATCH = 4;

/** Everything but what follows from the data; each may be given all the same. */
export type SeriesModelChoices = { readonly [K in keyof SeriesModelInput]?: SeriesModelInput[K] | undefined };

/**
 * The model for a set of series, by a rule of its longest series and its channels: patches of about an eighth of the series,
 * overlapping by three quarters.
 *
 * @param longest points of the longest training series.
 * @example
 * chooseSeriesModel({ longest: 427, channels: 1 }); // patches of 54 points every 13, 30 tokens
 */
export function chooseSeriesModel(
  { longest, channels }: { readonly longest: number; readonly channels: number },
  choices: SeriesModelChoices = {},
): SeriesModel {
  const given = Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined));
  const rows = choices.channels === 'independent' ? 3 : 2 * channels + 1;
  const byChannels = (rows * longest) / PATCHES_PER_SERIES / MOST_NUMBERS;
  const pooling = choices.pooling ?? Math.max(1, Math.ceil(Math.max(longest / MOST_POINTS, byChannels)));
  const length = choices.length ?? Math.ceil(longest / pooling);
  const even = 2 * Math.round(length / PATCHES_PER_SERIES / 2);
  const patchLength = choices.patchLength ?? Math.min(length, Math.max(SHORTEST_PATCH, even));
  const patchStride = choices.patchStride ?? Math.max(1, Math.floor(patchLength / STRIDES_PER_PATCH));
  return parseConfig(
    seriesModelSchema,
    { ...given, pooling, length, patchLength, patchStride },
    'series model',
  );
}
