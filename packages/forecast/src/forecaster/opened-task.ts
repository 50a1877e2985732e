import {
  createFrame,
  createPanel,
  type Frame,
  futureTimes,
  type Panel,
  segmentFrame,
  selectChannels,
  stackFrames,
} from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { ForecasterFile } from '../store/forecaster-file.ts';
import { exogenousColumns } from '../task/exogenous-plan.ts';
import type { ForecastData } from '../task/forecast-data.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { panelOfData, prepareTask, roles } from '../task/prepare-task.ts';
import { futureCovariates } from './future-covariates.ts';

/** Data as a fitted forecaster sees them: its channels in its order, its covariates on its scales. */
export function taskOf(file: ForecasterFile, data: ForecastData): ForecastTask {
  const frame = selectChannels(data.frame, file.channels);
  // The channels are chosen already, and the exogenous inputs are those of the fit.
  const config = { ...file.config, mode: 'multivariate' as const, calendar: false };
  const { task } = prepareTask(config, { ...data, frame }, file.contextLength);
  return { ...task, ...rolesOf(file), exogenous: exogenousColumns(file.exogenous, task.panel) };
}

function rolesOf({ config, channels }: ForecasterFile) {
  return roles(config, channels);
}

/**
 * The task of predicting the rows after the end of every recording: `horizon` rows are appended, in which only the time and
 * covariates are known.
 *
 * @param future covariates of the rows to come, one row each, for a forecaster that was fitted with covariates.
 * @throws PatchBertError `forecast/context-too-short`, `forecast/empty-context`, `forecast/future-needed`,
 * `forecast/future-times`, `data/unknown-channel`.
 */
export function futureTask(
  file: ForecasterFile,
  data: ForecastData,
  horizon: number,
  future: Frame | undefined,
): ForecastTask {
  const panel = panelOfData({ ...data, frame: selectChannels(data.frame, file.channels) });
  const known = futureCovariates(file, horizon, future, panel);
  const chosen = rolesOf(file);
  const means = panel.segments.map((segment) => recordingMeans(panel, segment, chosen.scored));
  const frames = panel.segments.map(({ id, start, end }, s) => {
    const rows = end - start;
    if (rows < file.contextLength) {
      throw new PatchBertError(
        'forecast/context-too-short',
        `predict: ${JSON.stringify(id)} has ${rows} rows, and the forecaster looks back on ${file.contextLength}. Give it more history, or pretrain and fit with a shorter context length.`,
      );
    }
    return extended(segmentFrame(panel, s), horizon, known);
  });
  const extendedPanel = stackFrames(frames, { name: panel.frame.name });
  const rows = extendedPanel.segments.map(({ start, end }) => ({ start, end }));
  return {
    panel: createPanel(extendedPanel.frame, extendedPanel.segments),
    splits: rows.map((all) => ({ train: all, validation: all, test: all })),
    contextLength: file.contextLength,
    ...chosen,
    units: rows.map((all, s) => ({ rows: all, mean: means[s]!, scale: file.units.scale })),
    exogenous: exogenousColumns(file.exogenous, extendedPanel),
    trainFraction: 1,
  };
}

/**
 * Means of a recording over its observed rows, all before the origin: what an empty context falls back on, as units of other
 * recordings say nothing about this one.
 */
function recordingMeans(
  { frame }: Panel,
  { id, start, end }: Panel['segments'][number],
  scored: readonly number[],
): number[] {
  return frame.columns.map((column, c) => {
    let [sum, count] = [0, 0];
    for (let row = start; row < end; row++) {
      if (Number.isNaN(column[row])) continue;
      sum += column[row]!;
      count++;
    }
    if (count > 0 || !scored.includes(c)) return count > 0 ? sum / count : 0;
    throw new PatchBertError(
      'forecast/empty-context',
      `predict: channel ${JSON.stringify(frame.channels[c])} of ${JSON.stringify(id)} has no value in its ${end - start} rows: there is nothing to forecast it from. Give rows with measured values, or leave the series out.`,
    );
  });
}

function extended(frame: Frame, horizon: number, known: ReadonlyMap<string, Float32Array>): Frame {
  const columns = frame.columns.map((column, c) => {
    const longer = new Float32Array(frame.length + horizon).fill(Number.NaN);
    longer.set(column);
    const future = known.get(frame.channels[c]!);
    if (future) longer.set(future, frame.length);
    return longer;
  });
  if (frame.times === undefined) return createFrame({ ...frame, columns });
  const times = new Float64Array(frame.length + horizon);
  times.set(frame.times);
  times.set(futureTimes(frame, horizon), frame.length);
  return createFrame({ ...frame, columns, times });
}
