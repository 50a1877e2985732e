import { PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { firstInfinite } from '../frame/frame.ts';
import { seriesPlace } from './series-place.ts';

/** One instance: all channels over the same points. */
export interface Series {
  /** Names the series in results, such as `17`; readers of files without ids count from 1. */
  readonly id: string;
  /** `[channels][points]`, all channels of one length, 1 or more; NaN is a missing point. */
  readonly values: readonly Float32Array[];
}

/** Many series with the same channels and lengths of their own, each with a label (a class), a target (a number) or neither. */
export interface SeriesSet {
  /** Where the series came from; only for messages and reports. */
  readonly name: string;
  readonly channels: readonly string[];
  readonly series: readonly Series[];
  /** The class of each series. */
  readonly labels?: readonly string[];
  /** The number to predict of each series. */
  readonly targets?: Float64Array;
  /** The classes that the header of the file lists, in its order. */
  readonly declaredClasses?: readonly string[];
  /** The file, and the line of each series in it, counted from 1; for messages. */
  readonly origin?: { readonly file: string; readonly lines: readonly number[] };
}

/**
 * Checks the parts of a set of series and joins them; the values are kept, not copied.
 *
 * @throws PatchBertError `data/uneven-channels` for a series with another number of channels, or channels of different lengths;
 * `data/empty-series`, `data/all-missing-series`; `data/bad-series-set` for no series, no or repeated channels, an infinite value,
 * labels, targets or lines that are not one per series, an empty label, or a target that is not finite.
 * @example
 * const set = createSeriesSet({
 *   name: 'demo', channels: ['x'], labels: ['up', 'down'],
 *   series: [{ id: '1', values: [Float32Array.of(1, 2)] }, { id: '2', values: [Float32Array.of(2, NaN, 1)] }],
 * });
 */
export function createSeriesSet(parts: SeriesSet): SeriesSet {
  const { name, channels, series, labels, targets, declaredClasses, origin } = parts;
  const fail = (problem: string): never => {
    throw new PatchBertError('data/bad-series-set', `createSeriesSet: ${showText(name)} ${problem}`);
  };
  if (series.length === 0) fail('has no series; expected at least one.');
  if (channels.length === 0) fail('has no channel; expected at least one.');
  if (new Set(channels).size < channels.length) fail('has two channels of the same name.');
  checkCount('label', labels?.length, series.length, fail);
  checkCount('target', targets?.length, series.length, fail);
  checkCount('line', origin?.lines.length, series.length, fail);
  series.forEach((_, index) => {
    checkSeries(parts, index);
  });
  labels?.forEach((label, index) => {
    if (label === '') fail(`has an empty label, of ${seriesPlace(parts, index)}; expected a text.`);
  });
  targets?.forEach((target, index) => {
    if (!Number.isFinite(target)) {
      fail(`has the target ${target}, of ${seriesPlace(parts, index)}; expected a finite number.`);
    }
  });
  return Object.freeze({
    name,
    channels: Object.freeze([...channels]),
    series: Object.freeze(
      series.map(({ id, values }) => Object.freeze({ id, values: Object.freeze([...values]) })),
    ),
    ...(labels && { labels: Object.freeze([...labels]) }),
    ...(targets && { targets }),
    ...(declaredClasses && { declaredClasses: Object.freeze([...declaredClasses]) }),
    ...(origin && { origin: Object.freeze({ file: origin.file, lines: Object.freeze([...origin.lines]) }) }),
  });
}

function checkCount(
  what: string,
  count: number | undefined,
  expected: number,
  fail: (problem: string) => never,
): void {
  if (count === undefined || count === expected) return;
  fail(`has ${count} ${what}s for ${expected} series; expected one ${what} per series.`);
}

function checkSeries(set: SeriesSet, index: number): void {
  const { values } = set.series[index]!;
  const fail = (code: string, problem: string): never => {
    throw new PatchBertError(code, `createSeriesSet: ${seriesPlace(set, index)} ${problem}`);
  };
  if (values.length !== set.channels.length) {
    fail(
      'data/uneven-channels',
      `has ${values.length} channels; expected ${set.channels.length}, as the set has. Every series needs the same channels.`,
    );
  }
  const length = values[0]!.length;
  values.forEach((channel, c) => {
    if (channel.length !== length) {
      fail(
        'data/uneven-channels',
        `has ${channel.length} points in channel ${c + 1} and ${length} in channel 1; fill the shorter with NaN.`,
      );
    }
    const point = firstInfinite(channel);
    if (point < 0) return;
    fail(
      'data/bad-series-set',
      `has an infinite value (channel ${c + 1}, point ${point + 1}); expected a finite number, or NaN for missing.`,
    );
  });
  if (length === 0) fail('data/empty-series', 'has no point; expected at least one. Leave it out.');
  if (values.every((channel) => channel.every(Number.isNaN))) {
    fail('data/all-missing-series', 'has no value, every point is missing; leave it out.');
  }
}
