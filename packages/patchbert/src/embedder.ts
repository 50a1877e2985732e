import type { Frame, Panel } from '@patchbert/data';
import {
  collectEmbedding,
  type EmbeddedWindows,
  type EmbeddingBatch,
  type EmbeddingFormat,
  type EmbeddingIndex,
  type EmbeddingOptions,
  loadEncoder,
  type OpenEmbedder,
  openEmbedder,
  writeEmbedding,
} from '@patchbert/embed';
import { type BackendOption, type OpenedBackend, openBackend } from './backend/open-backend.ts';
import { panelOfData } from './data/given-data.ts';
import { Lifetime } from './lifetime.ts';

export interface EmbedderOptions extends BackendOption {
  /** The encoder of this horizon of a forecaster. Default: that of the longest. */
  readonly horizon?: number;
  /** Single-channel windows of one run of the device. Default 32. Changes no vector. */
  readonly batchSize?: number;
}

/** Some windows of a recording or panel, in order. */
export interface EmbeddedBatch extends EmbeddingBatch {
  readonly index: EmbeddingIndex;
}

export interface WriteOptions extends EmbeddingOptions {
  /** Default: what the extension says: `.safetensors`, `.parquet`, `.jsonl`, `.csv`. */
  readonly format?: EmbeddingFormat;
}

/**
 * A pretrained encoder with its backend, for vectors of windows of long recordings: load one, use it, dispose of it.
 *
 * Windows have the encoder's context length, each channel is encoded alone and normalised by its own mean and deviation. The last
 * window of a recording ends with its last row; a recording that is shorter has one, missing in front. Where nothing was
 * measured the vector is NaN.
 *
 * @example
 * const embedder = await Embedder.load('runs/first');
 * const { shape, vectors, index } = await embedder.embed(await readCsv('load.csv'), { level: 'series' });
 * await embedder.write('load.parquet', frame, { level: 'patch' });
 * await embedder.dispose();
 */
export class Embedder {
  /** Rows of a window. */
  readonly contextLength: number;
  /** Numbers of a vector of a patch or channel. */
  readonly width: number;
  readonly #open: OpenEmbedder;
  readonly #lifetime: Lifetime;

  private constructor(open: OpenEmbedder, device: OpenedBackend) {
    this.contextLength = open.contextLength;
    this.width = open.width;
    this.#open = open;
    this.#lifetime = new Lifetime('embedder', async () => {
      open.dispose();
      await device.close();
    });
  }

  /**
   * Opens the encoder of a pretraining run, of one of its checkpoints, or of a forecaster.
   *
   * @throws PatchBertError `embed/no-encoder`, `embed/whole-series`, `embed/no-horizon`, `embed/bad-option`, `backend/unknown`,
   * `backend/unavailable`; `forecast/...` and `train/...` for damaged files.
   */
  static async load(folder: string, options: EmbedderOptions = {}): Promise<Embedder> {
    const { horizon, batchSize, ...place } = options;
    const encoder = await loadEncoder(folder, { horizon });
    const device = await openBackend(place);
    try {
      return new Embedder(openEmbedder(device.backend, encoder, { batchSize }), device);
    } catch (error) {
      await device.close();
      throw error;
    }
  }

  /**
   * All vectors in memory, with the rows and times of each: `[windows, channels, patches, width]` for level `patch`, `[windows,
   * channels, width]` for `series`, `[windows, width]` for `window`.
   *
   * @throws PatchBertError `config/invalid`, `embed/no-class-token`, `embed/too-many`, `patchbert/bad-data`,
   * `patchbert/disposed`.
   */
  async embed(data: Frame | Panel, options: EmbeddingOptions = {}): Promise<EmbeddedWindows> {
    return this.#lifetime.run('embed', async () =>
      collectEmbedding(this.#open.embed(panelOfData('embed', data), options)),
    );
  }

  /**
   * The same vectors some windows at a time, so that memory does not grow with the data.
   *
   * @throws PatchBertError as `embed`, when the first batch is asked for.
   */
  async *batches(
    data: Frame | Panel,
    options: EmbeddingOptions = {},
  ): AsyncGenerator<EmbeddedBatch, void, undefined> {
    const embedding = await this.#lifetime.run('batches', async () =>
      this.#open.embed(panelOfData('batches', data), options),
    );
    const batches = embedding.batches();
    for (;;) {
      const next = await this.#lifetime.run('batches', () => batches.next());
      if (next.done) return;
      const { firstWindow, windows } = next.value;
      yield { ...next.value, index: embedding.index(firstWindow, windows) };
    }
  }

  /**
   * Writes the vectors to a new file as they are computed. The file is there as a whole or not at all.
   *
   * @throws PatchBertError as `embed`; `embed/unknown-format`, `embed/output`.
   */
  async write(path: string, data: Frame | Panel, { format, ...options }: WriteOptions = {}): Promise<void> {
    return this.#lifetime.run('write', async () =>
      writeEmbedding(path, this.#open.embed(panelOfData('write', data), options), { format }),
    );
  }

  /** Waits for what is under way, then frees the backend, unless it was given open. May be called more than once. */
  async dispose(): Promise<void> {
    return this.#lifetime.dispose();
  }

  /** For `await using`. */
  async [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
