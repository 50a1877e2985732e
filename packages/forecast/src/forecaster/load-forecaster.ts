import type { Backend } from '@patchbert/backend';
import type { Frame } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { ExportedModel } from '@patchbert/onnx';
import { evaluateWindows } from '../evaluate/evaluate-windows.ts';
import type { HorizonResult } from '../evaluate/horizon-result.ts';
import { type ExportForecasterOptions, exportStored } from '../export/export-forecaster.ts';
import type { HorizonModel } from '../model/horizon-model.ts';
import { modelFor } from '../model/model-for.ts';
import { openPredictor } from '../model/predictor.ts';
import { chosenLevels } from '../model/residual-quantiles.ts';
import type { ForecasterFile } from '../store/forecaster-file.ts';
import { readForecaster } from '../store/read-forecaster.ts';
import type { ForecastData } from '../task/forecast-data.ts';
import { hasGaps } from '../task/prepare-task.ts';
import { type BacktestOptions, runBacktest } from './backtest.ts';
import { futureTask, taskOf } from './opened-task.ts';
import { type Forecast, predictNext } from './predict-next.ts';

export interface PredictOptions {
  /** Rows to predict; at most the longest that was fitted. Default: that. */
  readonly horizon?: number | undefined;
  /** Default: those of the configuration; none where the forecaster has no quantiles. */
  readonly quantileLevels?: readonly number[] | undefined;
  /**
   * Covariates of the rows to come, for a forecaster that was fitted with some: every row of the fitted horizon, as each is an
   * input whatever `horizon` is asked for. Where both have times, they must be those after the last row of the data.
   */
  readonly future?: Frame | undefined;
}

export interface EvaluateForecasterOptions {
  /** Default `test`. */
  readonly part?: 'validation' | 'test';
  /** One of the fitted horizons. Default: all of them. */
  readonly horizon?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A forecaster in memory. */
export interface LoadedForecaster {
  /** Horizons that were fitted, ascending. */
  readonly horizons: readonly number[];
  /** What `forecaster.json` says. */
  readonly file: ForecasterFile;
  /** The rows after the end of the data, for every recording and predicted channel. */
  predict(data: ForecastData, options?: PredictOptions): Promise<Forecast[]>;
  /** Scores on every window of a part of the data. */
  evaluate(data: ForecastData, options?: EvaluateForecasterOptions): Promise<HorizonResult[]>;
  /** One ONNX file from raw values to forecasts, see `exportForecaster`. */
  exportOnnx(options?: ExportForecasterOptions): Promise<ExportedModel>;
  /** Scores on a rolling origin over the test rows. */
  backtest(
    data: ForecastData,
    options?: BacktestOptions & { readonly horizon?: number | undefined },
  ): Promise<HorizonResult>;
}

/**
 * Opens the folder that `fitForecaster` left. Programs are compiled when they are needed and disposed of again.
 *
 * @throws PatchBertError `forecast/no-forecaster`, `forecast/bad-forecaster`.
 * @example
 * const forecaster = await loadForecaster('forecaster', backend);
 * const [forecast] = await forecaster.predict({ frame }, { horizon: 96 });
 */
export async function loadForecaster(folder: string, backend: Backend): Promise<LoadedForecaster> {
  const { file, models } = await readForecaster(folder);
  return {
    file,
    horizons: models.map(({ horizon }) => horizon),
    exportOnnx: (options = {}) => exportStored({ file, models }, options),
    async predict(data, { horizon = models.at(-1)!.horizon, quantileLevels, future } = {}) {
      const model = modelFor(models, horizon);
      const task = futureTask(file, data, model.horizon, future);
      const predictor = await openPredictor(backend, model, task, {
        batchSize: Math.min(file.config.batchSize, task.scored.length * task.panel.segments.length),
        hasGaps: hasGapsBefore(data.frame),
      });
      try {
        return await predictNext(predictor, task, horizon, chosenLevels(model, file.config, quantileLevels));
      } finally {
        predictor.dispose();
      }
    },
    async evaluate(data, { part = 'test', horizon, onProgress } = {}) {
      const task = taskOf(file, data);
      const results: HorizonResult[] = [];
      for (const model of horizon === undefined ? models : [fittedFor(models, horizon)]) {
        const predictor = await openPredictor(backend, model, task, {
          batchSize: file.config.batchSize,
          hasGaps: hasGaps(task),
        });
        try {
          const { quantileLevels } = file.config;
          const options = { part, quantileLevels, seasonalPeriod: file.seasonalPeriod, onProgress };
          results.push(await evaluateWindows(predictor, task, options));
        } finally {
          predictor.dispose();
        }
      }
      return results;
    },
    async backtest(data, { horizon = models[0]!.horizon, ...options } = {}) {
      const { config, seasonalPeriod } = file;
      return runBacktest(fittedFor(models, horizon), taskOf(file, data), options, {
        backend,
        config,
        seasonalPeriod,
      });
    },
  };
}

function fittedFor(models: readonly HorizonModel[], horizon: number): HorizonModel {
  const model = models.find((one) => one.horizon === horizon);
  if (model) return model;
  throw new PatchBertError(
    'forecast/bad-horizon',
    `forecast: the forecaster was not fitted for horizon ${horizon}; expected one of ${models.map((one) => one.horizon).join(', ')}.`,
  );
}

function hasGapsBefore({ columns }: Frame): boolean {
  return columns.some((column) => column.some(Number.isNaN));
}
