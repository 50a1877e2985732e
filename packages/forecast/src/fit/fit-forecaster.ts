import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import type { AuditFinding } from '@patchbert/evaluation';
import {
  createRunFolder,
  describeEnvironment,
  frameFingerprint,
  packageVersion,
  runFolderAt,
  writeJson,
} from '@patchbert/train';
import { type AuditedForecaster, auditForecaster } from '../audit/audit-forecaster.ts';
import { type ForecastConfigInput, forecastConfigSchema } from '../config/forecast-config.ts';
import { evaluateWindows } from '../evaluate/evaluate-windows.ts';
import type { HorizonResult } from '../evaluate/horizon-result.ts';
import { seasonalPeriod } from '../evaluate/seasonal-period.ts';
import { openPredictor } from '../model/predictor.ts';
import { residualQuantiles } from '../model/residual-quantiles.ts';
import { type GalleryForecast, galleryCollector } from '../report/gallery.ts';
import { saveForecaster } from '../store/save-forecaster.ts';
import { writeResults } from '../store/write-results.ts';
import type { ForecastData } from '../task/forecast-data.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { forecastWindows } from '../task/forecast-windows.ts';
import { hasGaps, prepareForecast } from '../task/prepare-task.ts';
import type { ForecastEvent } from './events.ts';
import { type FittedForecaster, fitModels } from './fit-models.ts';
import { interrupted } from './interrupted.ts';
import { pretrainingOverlap } from './pretraining-overlap.ts';
import { randomEncoder } from './random-encoder.ts';
import { type ForecastReceipt, forecastReceipt } from './receipt.ts';
import { type EncoderOrigin, sourceEncoder } from './source-encoder.ts';

export interface FitForecasterOptions {
  readonly config?: ForecastConfigInput;
  readonly data: ForecastData;
  /** Folder of a pretraining run or checkpoint; `random` for an encoder that was never trained, as a control. */
  readonly checkpoint?: string | undefined;
  /** Opened and disposed of by the caller. */
  readonly backend: Backend;
  /** Folder of the forecaster; new or empty. */
  readonly folder: string;
  /**
   * Proves on the finished forecaster, before it is saved, that nothing leaks; the receipt says what was tried. After a leak
   * the folder holds the receipt and the scores, but no forecaster that could be opened.
   */
  readonly audit?: boolean;
  /** Where the data came from, and the command: for the receipt. */
  readonly source?: string | undefined;
  readonly command?: string | undefined;
  /** Stops the fit; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ForecastEvent) => void) | undefined;
}

export interface FitForecasterResult {
  readonly folder: string;
  /** Test results, one per horizon, ascending. */
  readonly results: readonly HorizonResult[];
  readonly receipt: ForecastReceipt;
  readonly seconds: number;
}

/**
 * Fits a forecaster, scores it once on every test window beside its parts and simple methods, and leaves a folder:
 * `forecaster.json` and its tensors, `evaluation.json`, `gallery.json`, `training.json`, `receipt.json`. Everything that is
 * chosen is chosen on the validation rows.
 *
 * @throws PatchBertError `config/invalid`, `forecast/...`, `data/too-few-rows` and others of the data,
 * `train/run-folder-not-empty`, `train/diverged`, `forecast/interrupted`, `forecast/pretrained-on-test`, `forecast/leak` when
 * the audit finds one.
 * @example
 * const { results } = await fitForecaster({ data: { frame }, checkpoint: 'runs/first', backend, folder: 'forecaster' });
 */
export async function fitForecaster(options: FitForecasterOptions): Promise<FitForecasterResult> {
  const began = performance.now();
  const { backend, data, folder } = options;
  const onEvent = (event: ForecastEvent) => {
    options.onEvent?.(event);
    if (options.signal?.aborted) throw interrupted();
  };
  const config = parseConfig(forecastConfigSchema, options.config ?? {}, 'forecast');
  const source =
    options.checkpoint === undefined || options.checkpoint === 'random'
      ? randomEncoder(config)
      : await sourceEncoder(options.checkpoint, config);
  requireEncoder(options, config.adapt, config.linearWeight);
  const { task, exogenous } = prepareForecast(config, data, source.origin.contextLength);
  const overlap = await pretrainingOverlap(source.origin, data, task);
  const period = config.seasonalPeriod ?? seasonalPeriod(task);
  const { removeIfEmpty } = await createRunFolder(folder, { checkpoints: false });
  try {
    const gaps = hasGaps(task);
    onEvent({ type: 'prepared', text: describeTask(task) });
    if (config.linearWeight < 1) onEvent({ type: 'prepared', text: describeEncoder(source.origin) });
    if (overlap !== undefined) onEvent({ type: 'warning', message: overlap });
    const fitted = await fitModels(backend, task, source, {
      config,
      hasGaps: gaps,
      onEvent,
      signal: options.signal,
    });
    const finished = await finishHorizons(backend, task, fitted, { config, gaps, period, onEvent });
    const facts = {
      patchbert: packageVersion(),
      config,
      contextLength: task.contextLength,
      channels: [...task.panel.frame.channels],
      seasonalPeriod: period,
      units: { mean: [...task.units[0]!.mean], scale: [...task.units[0]!.scale] },
      exogenous,
      ...(config.linearWeight < 1 && { origin: source.origin }),
      dataFingerprint: frameFingerprint(task.panel.frame, data.segments),
    };
    const models = finished.map(({ model }) => model);
    const audit = options.audit
      ? await audited(backend, task, { models, config, pretraining: source.pretraining }, onEvent)
      : undefined;
    const results = finished.map(({ result }) => result);
    const seconds = (performance.now() - began) / 1000;
    const receipt = forecastReceipt({ options, facts, task, fitted, results, audit, backend, seconds });
    await writeRecords(folder, { backend, finished, fitted, receipt });
    const leaks = audit?.filter(({ passed }) => !passed) ?? [];
    if (leaks.length > 0) throw leak(leaks);
    await saveForecaster(folder, facts, models);
    return { folder, results, receipt, seconds };
  } finally {
    await removeIfEmpty();
  }
}

interface FinishedHorizon {
  readonly model: FittedForecaster['horizons'][number]['model'];
  readonly result: HorizonResult;
  readonly gallery: readonly GalleryForecast[];
}

/** Adds quantiles from the validation windows, then scores on the test windows. */
async function finishHorizons(
  backend: Backend,
  task: ForecastTask,
  { horizons, control }: FittedForecaster,
  {
    config,
    gaps,
    period,
    onEvent,
  }: {
    readonly config: FittedForecaster['config'];
    readonly gaps: boolean;
    readonly period: number;
    readonly onEvent: (event: ForecastEvent) => void;
  },
): Promise<FinishedHorizon[]> {
  const finished: FinishedHorizon[] = [];
  for (const { model: fitted } of horizons) {
    const options = { batchSize: config.batchSize, hasGaps: gaps };
    const predictor = await openPredictor(backend, fitted, task, options);
    const compared = control?.models.get(fitted.horizon);
    const controlPredictor = compared && (await openPredictor(backend, compared, task, options));
    try {
      const model = { ...fitted, residuals: await residualQuantiles(predictor, task) };
      const complete = { ...predictor, model };
      const windows = forecastWindows(task, 'test', model.horizon);
      const gallery = galleryCollector(horizons.length === 1 ? 2 : 1, windows);
      onEvent({ type: 'stage', text: `every test window at horizon ${model.horizon}` });
      const result = await evaluateWindows(complete, task, {
        part: 'test',
        windows,
        quantileLevels: config.quantileLevels,
        seasonalPeriod: period,
        ...(controlPredictor && { others: { [control!.method]: controlPredictor } }),
        onSample: gallery.add,
        onProgress: (done, total) =>
          onEvent({ type: 'progress', what: `test, horizon ${model.horizon}`, done, total }),
      });
      onEvent({ type: 'result', result });
      finished.push({ model, result, gallery: await gallery.forecasts(complete, task) });
    } finally {
      predictor.dispose();
      controlPredictor?.dispose();
    }
  }
  return finished;
}

/** The findings of the audit; its progress is told, so that it can be interrupted. */
async function audited(
  backend: Backend,
  task: ForecastTask,
  forecaster: AuditedForecaster,
  onEvent: (event: ForecastEvent) => void,
): Promise<AuditFinding[]> {
  onEvent({ type: 'stage', text: 'leak audit' });
  return auditForecaster(backend, task, forecaster, (done, total) =>
    onEvent({ type: 'progress', what: 'leak audit', done, total }),
  );
}

/** Everything but the forecaster itself: what stays as evidence when the audit finds a leak. */
async function writeRecords(
  folder: string,
  {
    backend,
    finished,
    fitted,
    receipt,
  }: {
    readonly backend: Backend;
    readonly finished: readonly FinishedHorizon[];
    readonly fitted: FittedForecaster;
    readonly receipt: ForecastReceipt;
  },
): Promise<void> {
  const paths = runFolderAt(folder);
  await writeJson(paths.environment, describeEnvironment(backend));
  await writeResults(
    paths.evaluation,
    finished.map(({ result }) => result),
  );
  await writeJson(
    paths.gallery,
    finished.flatMap(({ gallery }) => gallery),
  );
  await writeJson(join(folder, 'training.json'), fitted.curves);
  await writeJson(paths.receipt, receipt);
}

function leak(findings: readonly AuditFinding[]): PatchBertError {
  return new PatchBertError(
    'forecast/leak',
    `fitForecaster: the leak audit failed: ${findings.map(({ check, detail }) => `${check} (${detail})`).join('; ')}. Do not trust the scores; no forecaster was saved, and receipt.json has every check.`,
  );
}

function requireEncoder({ checkpoint }: FitForecasterOptions, adapt: string, linearWeight: number): void {
  if (checkpoint !== undefined || adapt === 'scratch' || linearWeight === 1) return;
  throw new PatchBertError(
    'forecast/no-checkpoint',
    `fitForecaster: adapt "${adapt}" needs a pretrained encoder; pass checkpoint, the folder of a pretraining run, or choose adapt "scratch".`,
  );
}

function describeEncoder({ checkpoint, loaded, resized, unused }: EncoderOrigin): string {
  if (loaded.length === 0) return `encoder: ${checkpoint}`;
  const interpolated = resized.length > 0 ? `, ${resized.join(', ')} interpolated` : '';
  return `encoder: ${loaded.length + resized.length} tensors of "${checkpoint}" loaded${interpolated}; ${unused.length} left behind (decoder and its head)`;
}

function describeTask({ panel, splits, scored, contextLength }: ForecastTask): string {
  const rows = (part: 'train' | 'validation' | 'test') =>
    splits.reduce((sum, split) => sum + split[part].end - split[part].start, 0).toLocaleString('en-US');
  const series = panel.segments.length === 1 ? '' : ` of ${panel.segments.length} series`;
  return `${rows('train')} train, ${rows('validation')} validation, ${rows('test')} test rows${series}; ${scored.length} channels; context ${contextLength}`;
}
