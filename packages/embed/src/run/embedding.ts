import type { EmbeddingLevel, EmbeddingPooling } from '../embedding-options.ts';
import type { EmbeddingIndex } from '../windows/embedding-index.ts';

/** Vectors of some windows, one window after the other. */
export interface EmbeddingBatch {
  /** Index of the first of them. */
  readonly firstWindow: number;
  readonly windows: number;
  /** `[windows, ...]`, the shape of `Embedding.shape` from its second size on; NaN where nothing was measured. */
  readonly vectors: Float32Array;
}

/** Vectors that are computed as they are read, batch by batch, and all that is known of them beforehand. */
export interface Embedding {
  readonly level: EmbeddingLevel;
  /** `none` for patches. */
  readonly pooling: EmbeddingPooling | 'none';
  /**
   * `[windows, channels, patches, width]` for patches, `[windows, channels, width]` for series, `[windows, width]` for windows,
   * with `channels * width` numbers where channels are concatenated.
   */
  readonly shape: readonly number[];
  /** Ids of the recordings, in the order of the index. */
  readonly recordings: readonly string[];
  /** Names of the channels, in the order of their axis. */
  readonly channels: readonly string[];
  readonly hasTimes: boolean;
  /** How it was made, for the file: context length, patch length, stride, encoder, options. */
  readonly facts: Readonly<Record<string, string>>;
  /** Where windows lie; every one by default. */
  index(first?: number, count?: number): EmbeddingIndex;
  /** Computes all vectors, in order; may be called again. A window's vectors are the same in any batch. */
  batches(): AsyncGenerator<EmbeddingBatch, void, undefined>;
}

/** Vectors in memory. */
export interface EmbeddedWindows extends Pick<Embedding, 'shape' | 'recordings' | 'channels'> {
  /** Row-major, `shape`. */
  readonly vectors: Float32Array;
  readonly index: EmbeddingIndex;
}

/** Windows times places of a window that have a vector of their own, and the numbers of one. */
export function vectorLayout({ shape, channels, level }: Pick<Embedding, 'shape' | 'channels' | 'level'>) {
  return {
    windows: shape[0]!,
    channels: level === 'window' ? 1 : channels.length,
    patches: level === 'patch' ? shape[2]! : 1,
    width: shape.at(-1)!,
  };
}
