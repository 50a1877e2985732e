import { createPanel, type Panel, panelOf, partsInOrder, type Split, selectChannels } from '@patchbert/data';
import { didYouMean, PatchBertError } from '@patchbert/errors';
import type { ForecastConfig } from '../config/forecast-config.ts';
import { type ExogenousPlan, exogenousOf } from './exogenous-plan.ts';
import type { ForecastData } from './forecast-data.ts';
import { forecastSplits } from './forecast-splits.ts';
import { type ForecastTask, trainingUnits } from './forecast-task.ts';
import { forecastWindows, requireEverySeries } from './forecast-windows.ts';

/**
 * Resolves a configuration against data: which channels train, which are scored, splits, units, covariates.
 *
 * @throws PatchBertError `forecast/unknown-channel`, `forecast/no-channels`, `forecast/bad-split`, `data/bad-split` and others of the data.
 */
export function prepareTask(
  config: ForecastConfig,
  data: ForecastData,
  contextLength: number,
): { readonly task: ForecastTask; readonly exogenous: ExogenousPlan } {
  const panel = panelOfData(usedChannels(config, data));
  const splits = splitsOf(data, panel, config.horizons);
  const { trained, scored } = roles(config, panel.frame.channels);
  const exogenous = exogenousOf(config, panel, splits);
  return {
    task: {
      panel,
      splits,
      contextLength,
      trained,
      scored,
      units: trainingUnits(panel, splits, scored),
      exogenous: exogenous.columns,
      trainFraction: config.trainFraction,
    },
    exogenous: exogenous.plan,
  };
}

/**
 * Checks everything about a fit that can be known before an encoder is pretrained, so that nobody waits for one that cannot
 * begin: names, times, splits, and rows for every horizon in every recording.
 *
 * @throws PatchBertError as `prepareTask`; `data/too-few-rows`.
 * @example
 * checkForecast(config, { frame }, 512);
 */
export function checkForecast(config: ForecastConfig, data: ForecastData, contextLength: number): void {
  prepareForecast(config, data, contextLength);
}

/** The task of a fit, after looking that every recording has rows for every horizon. */
export function prepareForecast(
  config: ForecastConfig,
  data: ForecastData,
  contextLength: number,
): ReturnType<typeof prepareTask> {
  const prepared = prepareTask(config, data, contextLength);
  const horizon = Math.max(...config.horizons);
  for (const part of ['train', 'validation', 'test'] as const) {
    forecastWindows(prepared.task, part, horizon);
    requireEverySeries(prepared.task, part, horizon);
  }
  return prepared;
}

/** A univariate forecaster never sees the other channels, nor asks for them when it predicts. */
function usedChannels({ mode, target, covariates }: ForecastConfig, data: ForecastData): ForecastData {
  if (mode !== 'univariate' || target === undefined) return data;
  for (const name of [target, ...covariates]) channelNamed(data.frame.channels, name, 'target or covariate');
  return { ...data, frame: selectChannels(data.frame, [target, ...covariates]) };
}

export function panelOfData({ frame, segments }: ForecastData): Panel {
  return segments ? createPanel(frame, segments) : panelOf(frame);
}

function splitsOf(
  { split, splits }: ForecastData,
  { segments }: Panel,
  horizons: readonly number[],
): readonly Split[] {
  const given = splits ?? (split ? [split] : forecastSplits(segments, horizons));
  if (given.length !== segments.length) {
    throw badSplit(
      `${given.length} splits were given for ${segments.length} recordings; expected one for each.`,
    );
  }
  given.forEach((split, s) => {
    const { id, start, end } = segments[s]!;
    if (partsInOrder({ start, end }, split)) return;
    const { train, validation, test } = split;
    const borders = [train, validation, test].flatMap((rows) => [rows.start, rows.end]);
    throw badSplit(
      `the parts of ${JSON.stringify(id)} begin and end at rows ${borders.join(', ')}; expected training, validation and test rows in this order, none in two parts, within rows ${start} to ${end}.`,
    );
  });
  return given;
}

function badSplit(problem: string): PatchBertError {
  return new PatchBertError('forecast/bad-split', `forecast: ${problem}`);
}

/** Channels by index: covariates are neither trained on nor scored. */
export function roles(
  { mode, target, covariates }: Pick<ForecastConfig, 'mode' | 'target' | 'covariates'>,
  channels: readonly string[],
): { readonly trained: readonly number[]; readonly scored: readonly number[] } {
  for (const name of covariates) channelNamed(channels, name, 'covariate');
  const predicted = channels.flatMap((name, c) => (covariates.includes(name) ? [] : [c]));
  if (predicted.length === 0) {
    throw new PatchBertError(
      'forecast/no-channels',
      'forecast: every channel is a covariate; leave at least one to be predicted.',
    );
  }
  const scored = target === undefined ? predicted : [channelNamed(channels, target, 'target')];
  return { trained: mode === 'univariate' ? scored : predicted, scored };
}

function channelNamed(channels: readonly string[], name: string, role: string): number {
  const index = channels.indexOf(name);
  if (index >= 0) return index;
  const shown = channels.slice(0, 12).join(', ') + (channels.length > 12 ? ', ...' : '');
  throw new PatchBertError(
    'forecast/unknown-channel',
    `forecast: there is no channel ${JSON.stringify(name)} for the ${role}.${didYouMean(name, channels) || ` Channels: ${shown}.`}`,
  );
}

/** Whether a column of these channels has a missing value anywhere. */
export function hasGaps({ panel, trained, scored }: ForecastTask): boolean {
  const used = new Set([...trained, ...scored]);
  return [...used].some((c) => panel.frame.columns[c]!.some(Number.isNaN));
}
