import { type Frame, futureTimes, type Panel, segmentFrame, selectChannels } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { ForecasterFile } from '../store/forecaster-file.ts';

/**
 * The covariates of the rows to come by name, `[horizon]` each; none for a forecaster that was fitted without.
 *
 * @param horizon the fitted one: every row of it is an input, however few are asked for.
 * @throws PatchBertError `forecast/future-needed`; `forecast/future-times` when the rows are those of other times;
 * `data/unknown-channel`.
 */
export function futureCovariates(
  { exogenous }: ForecasterFile,
  horizon: number,
  future: Frame | undefined,
  panel: Panel,
): ReadonlyMap<string, Float32Array> {
  const names = exogenous.covariates.map(({ name }) => name);
  if (names.length === 0) return new Map();
  if (future === undefined || future.length < horizon || panel.segments.length > 1) {
    const problem =
      panel.segments.length > 1
        ? 'known covariates of many recordings cannot be given; predict one at a time'
        : `pass the next ${horizon} rows of ${names.join(', ')}${future ? ` (there are ${future.length})` : ''}: all rows of the fitted horizon are inputs, even when fewer are asked for`;
    throw new PatchBertError(
      'forecast/future-needed',
      `predict: this forecaster was fitted with covariates that are known beforehand; ${problem}.`,
    );
  }
  const chosen = selectChannels(future, names);
  requireNextTimes(segmentFrame(panel, 0), future, horizon);
  return new Map(names.map((name, i) => [name, chosen.columns[i]!.subarray(0, horizon)]));
}

/** Where both have times, those of the covariates must be the ones that follow the data, row by row. */
function requireNextTimes(past: Frame, future: Frame, horizon: number): void {
  if (past.times === undefined || future.times === undefined) return;
  const expected = futureTimes(past, horizon);
  const wrong = expected.findIndex((time, row) => future.times![row] !== time);
  if (wrong < 0) return;
  throw new PatchBertError(
    'forecast/future-times',
    `predict: row ${wrong} of the covariates to come is that of ${written(future.times[wrong]!)}, expected ${written(expected[wrong]!)}: one row for each step after ${written(past.times.at(-1)!)}, the last row of the data.`,
  );
}

function written(time: number): string {
  return new Date(time).toISOString();
}
