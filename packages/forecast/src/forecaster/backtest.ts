import type { Backend } from '@patchbert/backend';
import { borderSplit } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { backtestOrigins } from '@patchbert/evaluation';
import type { ForecastConfig } from '../config/forecast-config.ts';
import { type HorizonResult, verdictOf } from '../evaluate/horizon-result.ts';
import { startScoring } from '../evaluate/scoring.ts';
import { fitClosedForm } from '../fit/fit-horizons.ts';
import type { HorizonModel } from '../model/horizon-model.ts';
import { openPredictor, type Predictor } from '../model/predictor.ts';
import { residualQuantiles } from '../model/residual-quantiles.ts';
import { type ForecastTask, trainingUnits } from '../task/forecast-task.ts';
import { requireEverySeries } from '../task/forecast-windows.ts';
import { hasGaps } from '../task/prepare-task.ts';

export interface BacktestOptions {
  /** Rows from one origin to the next. Default: the horizon. */
  readonly stride?: number | undefined;
  /** Fit the heads anew at the first origin and at every so many after it, on the rows before. Default: never. */
  readonly refitEvery?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface BacktestContext {
  readonly backend: Backend;
  readonly config: ForecastConfig;
  readonly seasonalPeriod: number;
}

/**
 * Rolls over the test rows of every recording and scores each forecast; refits see only rows before their origin.
 *
 * @throws PatchBertError `data/too-few-rows` naming recordings without a window, `forecast/nothing-to-score`,
 * `forecast/cannot-refit`, `evaluation/bad-option`.
 */
export async function runBacktest(
  model: HorizonModel,
  task: ForecastTask,
  { stride = model.horizon, refitEvery, onProgress }: BacktestOptions,
  context: BacktestContext,
): Promise<HorizonResult> {
  requireRefittable(model, refitEvery, context.config);
  requireEverySeries(task, 'test', model.horizon);
  const began = performance.now();
  const { backend, config, seasonalPeriod } = context;
  const plans = task.panel.segments.map(({ start }, s) =>
    backtestOrigins({
      rows: task.splits[s]!.test,
      horizon: model.horizon,
      stride,
      minimumContext: task.contextLength,
      earliest: start,
      refitEvery,
    }),
  );
  const rounds = Math.max(...plans.map((plan) => plan.length));
  const options = { batchSize: config.batchSize, hasGaps: hasGaps(task) };
  let predictor = await openPredictor(backend, model, task, options);
  const scoring = startScoring(predictor, task, {
    part: 'test',
    quantileLevels: config.quantileLevels,
    seasonalPeriod,
  });
  let windows = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const places = plans.flatMap((plan, segment) => {
        const place = plan[round];
        return place ? [{ segment, ...place }] : [];
      });
      if (places.some(({ refit }) => refit)) {
        const refitted = await refit(model, upTo(task, places), context, options.hasGaps);
        const next = await openPredictor(backend, refitted, task, options);
        predictor.dispose();
        predictor = next;
      }
      const samples = places.flatMap(({ segment, origin }) =>
        task.scored.map((channel) => ({ segment, channel, start: origin - task.contextLength })),
      );
      await scoring.add(predictor, samples);
      windows += places.length;
      onProgress?.(round + 1, rounds);
    }
  } finally {
    predictor.dispose();
  }
  const methods = scoring.result();
  return {
    horizon: model.horizon,
    part: 'test',
    windows,
    seasonalPeriod,
    methods,
    verdict: verdictOf(methods),
    seconds: (performance.now() - began) / 1000,
  };
}

/** The task as it stood at the origins: validation is the stretch before them, as long as it was; training all before that. */
function upTo(
  task: ForecastTask,
  places: readonly { readonly segment: number; readonly origin: number }[],
): ForecastTask {
  const splits = task.splits.map((split, s) => {
    const place = places.find(({ segment }) => segment === s);
    if (place === undefined) return split;
    const length = split.validation.end - split.validation.start;
    return borderSplit({
      start: split.train.start,
      trainEnd: place.origin - length,
      validationEnd: place.origin,
      testEnd: Math.max(split.test.end, place.origin + 1),
    });
  });
  return { ...task, splits, units: trainingUnits(task.panel, splits, task.scored) };
}

async function refit(
  model: HorizonModel,
  task: ForecastTask,
  { backend, config }: BacktestContext,
  gaps: boolean,
): Promise<HorizonModel> {
  const { encoder, parameters } = model.network ?? { encoder: undefined, parameters: {} };
  const frozen = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => name.startsWith('encoder.')),
  );
  const [fitted] = await fitClosedForm(
    backend,
    task,
    { encoder: encoder!, parameters: frozen },
    {
      config: { ...config, horizons: [model.horizon], linearWeight: encoder ? config.linearWeight : 1 },
      hasGaps: gaps,
      onEvent: () => {},
    },
  );
  const predictor = await openPredictor(backend, fitted!.model, task, {
    batchSize: config.batchSize,
    hasGaps: gaps,
  });
  try {
    return { ...fitted!.model, residuals: (await residualQuantiles(predictor, task)) ?? model.residuals };
  } finally {
    predictor.dispose();
  }
}

function requireRefittable(
  { network }: Predictor['model'],
  refitEvery: number | undefined,
  { adapt }: ForecastConfig,
): void {
  if (refitEvery === undefined || network === undefined || adapt === 'ridge') return;
  throw new PatchBertError(
    'forecast/cannot-refit',
    `backtest: a forecaster adapted by "${adapt}" is not fitted anew in a backtest; leave refitEvery out, or fit one with adapt "ridge".`,
  );
}
