import {
  type ClassifierFile,
  type ClassifyReceipt,
  fitClassifier,
  fitRegressor,
  type LoadedClassifier,
  loadClassifier,
  type MethodResult,
  readClassifyReceipt,
  type SeriesPrediction,
} from '@patchbert/classify';
import type { SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { ExportedModel } from '@patchbert/onnx';
import { type BackendOption, type OpenedBackend, openBackend } from '../backend/open-backend.ts';
import { copyModel } from '../folder/copy-model.ts';
import { fitFolder } from '../folder/fit-folder.ts';
import { readResults } from '../folder/read-results.ts';
import { Lifetime } from '../lifetime.ts';
import { givenSeries } from './given-series.ts';
import { type SeriesFitOptions, seriesFitRequest } from './series-fit-options.ts';

/** What a model of whole series predicts. */
export type SeriesTaskKind = ClassifierFile['target']['kind'];

/** What the encoder makes of series: `values` holds `rows` vectors of `columns` numbers, one after the other. */
export interface SeriesEmbedding {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array | Float64Array;
}

export interface SeriesProgress {
  readonly onProgress?: (done: number, total: number) => void;
}

interface SeriesModelParts {
  readonly loaded: LoadedClassifier;
  readonly device: OpenedBackend;
  readonly folder: string;
  readonly results: readonly MethodResult[];
  readonly receipt: ClassifyReceipt | undefined;
  /** Removes the folder if it is a temporary one. */
  readonly remove: () => Promise<void>;
}

const nouns: Readonly<Record<SeriesTaskKind, string>> = { class: 'classifier', value: 'regressor' };

/** A fitted model of whole series with its backend; what `Classifier` and `Regressor` have in common. */
export abstract class SeriesModel {
  /** Test results of the fit, its own first, beside those of its parts and of simple methods; empty without test series. */
  readonly results: readonly MethodResult[];
  /** What was read, what chose, what was scored; absent when `receipt.json` is not in the folder. */
  readonly receipt: ClassifyReceipt | undefined;
  /** Where its files lie; a temporary folder when `fit` was given none. */
  readonly folder: string;
  readonly #loaded: LoadedClassifier;
  readonly #lifetime: Lifetime;

  protected constructor({ loaded, device, folder, results, receipt, remove }: SeriesModelParts) {
    this.results = results;
    this.receipt = receipt;
    this.folder = folder;
    this.#loaded = loaded;
    this.#lifetime = new Lifetime(nouns[loaded.file.target.kind], async () => {
      loaded.dispose();
      await device.close();
      await remove();
    });
  }

  /** What `classifier.json` says: configuration, classes, channels, hashes. */
  get file(): ClassifierFile {
    return this.#loaded.file;
  }

  /**
   * What the first network's encoder makes of each series: every level's tokens pooled.
   *
   * @throws PatchBertError `classify/other-channels`, `patchbert/disposed`.
   */
  async embed(series: SeriesSet): Promise<SeriesEmbedding> {
    return this.#lifetime.run('embed', () => this.#loaded.embed(givenSeries('embed', series)));
  }

  /**
   * Scores on series with labels or values: the model, then its readouts.
   *
   * @throws PatchBertError `data/no-labels`, `data/unknown-label`, `classify/no-targets`, `classify/other-channels`,
   * `patchbert/disposed`.
   */
  async evaluate(series: SeriesSet, { onProgress }: SeriesProgress = {}): Promise<MethodResult[]> {
    return this.#lifetime.run('evaluate', () =>
      this.#loaded.evaluate(givenSeries('evaluate', series), onProgress),
    );
  }

  /**
   * The model as one ONNX file, from raw series `[batch, length, channels]` to `probabilities` and `label`, or `value`, for Python,
   * pages and other languages.
   *
   * @throws PatchBertError `patchbert/disposed`.
   */
  async exportOnnx(): Promise<ExportedModel> {
    return this.#lifetime.run('exportOnnx', () => this.#loaded.exportOnnx());
  }

  /**
   * Copies the model, its receipt and its results to a new folder; what is written is on the disk when it resolves.
   *
   * @throws PatchBertError `train/run-folder-not-empty`, `train/run-folder-not-created`, `patchbert/changed-folder`,
   * `patchbert/disposed`.
   */
  async save(folder: string): Promise<void> {
    const files = { description: 'classifier.json', tensors: this.file.members } as const;
    return this.#lifetime.run('save', () => copyModel(this.folder, folder, files));
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

  protected async predictions(
    what: string,
    series: SeriesSet,
    { onProgress }: SeriesProgress,
  ): Promise<SeriesPrediction[]> {
    return this.#lifetime.run(what, () => this.#loaded.predict(givenSeries(what, series), onProgress));
  }
}

/** Fits a model of whole series and opens what it left. */
export async function fitSeriesParts(
  kind: SeriesTaskKind,
  train: SeriesSet,
  options: SeriesFitOptions,
): Promise<SeriesModelParts> {
  const { folder, backend, threads, ...request } = seriesFitRequest(options);
  givenSeries('fit', train);
  if (request.test !== undefined) givenSeries('fit: test', request.test);
  const place = await fitFolder(folder);
  let device: OpenedBackend | undefined;
  try {
    device = await openBackend({ ...(backend && { backend }), ...(threads !== undefined && { threads }) });
    const fit = kind === 'class' ? fitClassifier : fitRegressor;
    const fitted = await fit({ ...request, train, backend: device.backend, folder: place.model });
    const loaded = await loadClassifier(place.model, device.backend);
    const { results, receipt } = fitted;
    return { loaded, device, folder: place.model, results, receipt, remove: place.remove };
  } catch (error) {
    await device?.close();
    await place.remove();
    throw error;
  }
}

/**
 * Opens the folder of a model of whole series.
 *
 * @throws PatchBertError `patchbert/other-kind` for a regressor where a classifier is expected, and the other way round.
 */
export async function loadSeriesParts(
  kind: SeriesTaskKind,
  folder: string,
  options: BackendOption,
): Promise<SeriesModelParts> {
  const device = await openBackend(options);
  try {
    const loaded = await loadClassifier(folder, device.backend);
    const found = loaded.file.target.kind;
    if (found !== kind) {
      loaded.dispose();
      throw new PatchBertError(
        'patchbert/other-kind',
        `load: "${folder}" holds a ${nouns[found]}; open it with ${found === 'class' ? 'Classifier' : 'Regressor'}.load.`,
      );
    }
    const results = await readResults<MethodResult>(folder);
    const receipt = await readClassifyReceipt(folder);
    return { loaded, device, folder, results, receipt, remove: async () => {} };
  } catch (error) {
    await device.close();
    throw error;
  }
}
