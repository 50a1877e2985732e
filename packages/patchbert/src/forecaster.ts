import type { Frame, Panel } from '@patchbert/data';
import {
  type Forecast,
  type ForecastData,
  type ForecasterFile,
  type ForecastReceipt,
  fitForecaster,
  fittedSplits,
  givenSplits,
  type HorizonResult,
  type LoadedForecaster,
  loadForecaster,
  readForecastReceipt,
  requireUnseenRows,
  type SplitOption,
} from '@patchbert/forecast';
import type { ExportedModel } from '@patchbert/onnx';
import { type BackendOption, type OpenedBackend, openBackend } from './backend/open-backend.ts';
import { isPanel, panelOfData } from './data/given-data.ts';
import { irregularTimesText } from './data/irregular-times.ts';
import { type FitOptions, fitRequest } from './fit/fit-options.ts';
import { pretrainedEncoder } from './fit/pretrained-encoder.ts';
import { copyModel } from './folder/copy-model.ts';
import { fitFolder } from './folder/fit-folder.ts';
import { readResults } from './folder/read-results.ts';
import { Lifetime } from './lifetime.ts';

export interface LoadOptions extends BackendOption {}

export interface ExportOptions extends Pick<PredictOptions, 'horizon' | 'quantiles'> {}

export interface PredictOptions {
  /** Rows to predict; at most the longest horizon that was fitted. Default: that. */
  readonly horizon?: number;
  /** Levels between 0.005 and 0.995. Default: those of the fit, 0.1 to 0.9. */
  readonly quantiles?: readonly number[];
  /** Covariates of the rows to come, for a forecaster that was fitted with some. */
  readonly future?: Frame;
}

interface ScoringOptions {
  /** Default: the split of the fit for the data it saw, rows appended to them included, else 70 / 10 / 20 % by time. */
  readonly split?: SplitOption;
  readonly onProgress?: (done: number, total: number) => void;
}

export interface EvaluateOptions extends ScoringOptions {
  /** Default: `test`. */
  readonly part?: 'validation' | 'test';
  /** One of the fitted horizons. Default: all of them. */
  readonly horizon?: number;
}

export interface BacktestOptions extends ScoringOptions {
  /** One of the fitted horizons. Default: the shortest. */
  readonly horizon?: number;
  /** Rows from one origin to the next. Default: the horizon. */
  readonly stride?: number;
  /** Fit the heads anew at the first origin and at every so many after it, on the rows before. Default: never. */
  readonly refitEvery?: number;
}

interface ForecasterParts {
  readonly results: readonly HorizonResult[];
  readonly receipt: ForecastReceipt | undefined;
  readonly loaded: LoadedForecaster;
  readonly device: OpenedBackend;
  readonly folder: string;
  /** Removes the folder if it is a temporary one. */
  readonly remove: () => Promise<void>;
}

/**
 * A fitted forecaster with its backend: fit or load one, use it, dispose of it.
 *
 * @example
 * const forecaster = await Forecaster.fit(await readCsv('load.csv'), { horizon: 96 });
 * const { mean, quantiles, times } = await forecaster.predict(frame, { quantiles: [0.1, 0.9] });
 * await forecaster.save('load-forecaster');
 * await forecaster.dispose();
 */
export class Forecaster {
  /** Test results of the fit, one per horizon, beside those of its parts and of simple methods. */
  readonly results: readonly HorizonResult[];
  /** What was read, what chose, what was scored; absent when `receipt.json` is not in the folder. */
  readonly receipt: ForecastReceipt | undefined;
  /** Horizons that were fitted, ascending. */
  readonly horizons: readonly number[];
  /** Where its files lie; a temporary folder when `fit` was given none. */
  readonly folder: string;
  readonly #loaded: LoadedForecaster;
  readonly #lifetime: Lifetime;

  private constructor({ loaded, device, folder, results, receipt, remove }: ForecasterParts) {
    this.results = results;
    this.receipt = receipt;
    this.horizons = loaded.horizons;
    this.folder = folder;
    this.#loaded = loaded;
    this.#lifetime = new Lifetime('forecaster', async () => {
      await device.close();
      await remove();
    });
  }

  /**
   * Opens the folder that `fit`, `save` or `patchbert-finetune` left.
   *
   * @throws PatchBertError `forecast/no-forecaster`, `forecast/bad-forecaster`, `config/invalid`, `backend/unknown`,
   * `backend/unavailable`.
   */
  static async load(folder: string, options: LoadOptions = {}): Promise<Forecaster> {
    const device = await openBackend(options);
    try {
      const loaded = await loadForecaster(folder, device.backend);
      const results = await readResults<HorizonResult>(folder);
      const receipt = await readForecastReceipt(folder);
      return new Forecaster({ loaded, device, folder, results, receipt, remove: async () => {} });
    } catch (error) {
      await device.close();
      throw error;
    }
  }

  /**
   * Fits a forecaster on the training rows and scores it once on the test rows. Without a checkpoint an encoder is
   * pretrained first on the same training rows, with settings that suit their number. Time stamps that are not equally spaced
   * are a warning. The same data, options and engine give the same bits.
   *
   * @throws PatchBertError `config/invalid`, `data/...`, `forecast/...`, `train/...`, `backend/...`; `forecast/interrupted`
   * when the signal stops it.
   */
  static async fit(data: Frame | Panel, options: FitOptions): Promise<Forecaster> {
    const request = fitRequest(options);
    const { frame, segments } = panelOfData('fit', data);
    const splits = givenSplits(segments, request.split, request.config.horizons);
    const { signal, audit = false, source = frame.name, onEvent = () => {} } = request;
    const place = await fitFolder(request.folder);
    let device: OpenedBackend | undefined;
    try {
      device = await openBackend(request);
      const { backend } = device;
      const irregular = irregularTimesText({ frame, segments });
      if (irregular !== undefined) onEvent({ type: 'warning', message: irregular });
      const { config, checkpoint } = await pretrainedEncoder({
        request,
        panel: { frame, segments },
        splits,
        backend,
        runFolder: place.pretraining,
        onEvent,
      });
      const folder = place.model;
      const given: ForecastData = { frame, segments, splits };
      const { results, receipt } = await fitForecaster({
        config,
        data: given,
        checkpoint,
        backend,
        folder,
        audit,
        source,
        signal,
        onEvent,
      });
      const loaded = await loadForecaster(folder, backend);
      return new Forecaster({ loaded, device, folder, results, receipt, remove: place.remove });
    } catch (error) {
      await device?.close();
      await place.remove();
      throw error;
    }
  }

  /** What `forecaster.json` says: configuration, channels, units, hashes. */
  get file(): ForecasterFile {
    return this.#loaded.file;
  }

  /**
   * The rows after the end of the data: one forecast for a frame, one per recording for a panel.
   *
   * @throws PatchBertError `forecast/bad-horizon`, `forecast/context-too-short`, `forecast/no-quantiles`,
   * `forecast/future-needed`, `data/unknown-channel`, `patchbert/disposed`.
   */
  predict(data: Frame, options?: PredictOptions): Promise<Forecast>;
  predict(data: Panel, options?: PredictOptions): Promise<Forecast[]>;
  predict(data: Frame | Panel, options?: PredictOptions): Promise<Forecast | Forecast[]>;
  async predict(
    data: Frame | Panel,
    { horizon, quantiles, future }: PredictOptions = {},
  ): Promise<Forecast | Forecast[]> {
    return this.#lifetime.run('predict', async () => {
      const options = { horizon, quantileLevels: quantiles, future };
      const forecasts = await this.#loaded.predict(panelOfData('predict', data), options);
      return isPanel(data) ? forecasts : forecasts[0]!;
    });
  }

  /**
   * Scores on every window of the test rows, beside the parts of the forecaster and simple methods; one result per horizon.
   *
   * @throws PatchBertError `forecast/bad-horizon`, `data/too-few-rows`, `data/bad-split`, `forecast/split-needed`,
   * `forecast/trained-on-test`, `patchbert/disposed`.
   */
  async evaluate(data: Frame | Panel, options: EvaluateOptions = {}): Promise<HorizonResult[]> {
    const { split, ...rest } = options;
    return this.#lifetime.run('evaluate', async () =>
      this.#loaded.evaluate(this.#toScore('evaluate', data, split, rest.part), rest),
    );
  }

  /**
   * Scores on an origin that rolls over the test rows; with `refitEvery` the heads learn from all rows before it.
   *
   * @throws PatchBertError as `evaluate`, and `forecast/cannot-refit` for one that was adapted by gradient.
   */
  async backtest(data: Frame | Panel, options: BacktestOptions = {}): Promise<HorizonResult> {
    const { split, ...rest } = options;
    return this.#lifetime.run('backtest', async () =>
      this.#loaded.backtest(this.#toScore('backtest', data, split), rest),
    );
  }

  /**
   * The forecaster as one ONNX file, from raw values `[batch, contextLength, channels]` to `forecast` and `quantiles`, for Python,
   * pages and other languages; the shortest fitted horizon that covers what is asked for.
   *
   * @throws PatchBertError `forecast/bad-horizon`, `forecast/no-quantiles`, `patchbert/disposed`.
   */
  async exportOnnx({ horizon, quantiles }: ExportOptions = {}): Promise<ExportedModel> {
    return this.#lifetime.run('exportOnnx', () =>
      this.#loaded.exportOnnx({ horizon, quantileLevels: quantiles }),
    );
  }

  /**
   * Copies the forecaster, its receipt and its results to a new folder; what is written is on the disk when it resolves.
   *
   * @throws PatchBertError `train/run-folder-not-empty`, `train/run-folder-not-created`, `patchbert/changed-folder`,
   * `patchbert/disposed`.
   */
  async save(folder: string): Promise<void> {
    return this.#lifetime.run('save', () =>
      copyModel(this.folder, folder, { description: 'forecaster.json', tensors: this.file.horizons }),
    );
  }

  /**
   * Waits for what is under way, then frees the backend (unless it was given open) and removes a temporary folder. May be
   * called more than once.
   */
  async dispose(): Promise<void> {
    return this.#lifetime.dispose();
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #toScore(
    where: string,
    data: Frame | Panel,
    split: SplitOption | undefined,
    part: 'validation' | 'test' = 'test',
  ): ForecastData {
    const { frame, segments } = panelOfData(where, data);
    const panel = { frame, segments };
    const fitted = { file: this.file, receipt: this.receipt };
    const given = givenSplits(segments, split, this.horizons);
    const splits = split === undefined ? fittedSplits(panel, fitted, given) : given;
    requireUnseenRows(panel, fitted, splits, part);
    return { ...panel, splits };
  }
}
