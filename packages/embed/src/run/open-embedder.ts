import type { Backend } from '@patchbert/backend';
import type { Panel } from '@patchbert/data';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import {
  type EmbeddingOptions,
  type EmbeddingPooling,
  embeddingOptionsSchema,
} from '../embedding-options.ts';
import type { WindowEncoder } from '../encoder/load-encoder.ts';
import { requireClassToken } from '../model/embedding-step.ts';
import { embeddingIndex } from '../windows/embedding-index.ts';
import { embeddingWindows } from '../windows/embedding-windows.ts';
import { readWindows } from '../windows/read-windows.ts';
import type { Embedding, EmbeddingBatch } from './embedding.ts';
import { meanOverChannels } from './pool-channels.ts';
import { openWindowProgram, type WindowProgram } from './window-program.ts';

export interface OpenEmbedderOptions {
  /** Single-channel windows of one run of the device. Default 32. */
  readonly batchSize?: number | undefined;
}

/** An encoder on a backend. */
export interface OpenEmbedder {
  /** Rows of a window. */
  readonly contextLength: number;
  /** Numbers of a vector of a patch or series. */
  readonly width: number;
  /**
   * What there is to embed of some recordings; nothing is computed before its batches are read.
   *
   * @throws PatchBertError `config/invalid`, `embed/no-class-token`.
   */
  embed(panel: Panel, options?: EmbeddingOptions): Embedding;
  dispose(): void;
}

/** Runs of the device that fill one batch of windows, so that few rows of it stay empty. */
const RUNS_OF_A_BATCH = 8;

/**
 * Puts an encoder on a backend. Programs are compiled when they are needed, one for each pooling.
 *
 * Windows are of the encoder's context length; the last one of a recording ends with its last row, and a recording that is
 * shorter has one, missing in front. Each window is normalised by its own mean and deviation over observed points, each
 * channel alone, so a vector depends on nothing but its own window and channel.
 *
 * @throws PatchBertError `embed/bad-option`.
 * @example
 * const embedder = openEmbedder(backend, await loadEncoder('runs/first'));
 * for await (const { vectors } of embedder.embed(panelOf(frame), { level: 'series' }).batches()) use(vectors);
 */
export function openEmbedder(
  backend: Backend,
  source: WindowEncoder,
  { batchSize = 32 }: OpenEmbedderOptions = {},
): OpenEmbedder {
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new PatchBertError(
      'embed/bad-option',
      `openEmbedder: batchSize is ${batchSize}; expected a whole number, 1 or more.`,
    );
  }
  const { layout, config } = source.encoder;
  const programs = new Map<string, Promise<WindowProgram>>();
  const programFor = (pooling: EmbeddingPooling | 'none') => {
    const program = programs.get(pooling) ?? openWindowProgram(backend, source, pooling, batchSize);
    programs.set(pooling, program);
    // The next call may find what this one lacked.
    void program.catch(() => programs.delete(pooling));
    return program;
  };
  return {
    contextLength: layout.contextLength,
    width: config.width,
    embed(panel, options = {}) {
      const chosen = parseConfig(embeddingOptionsSchema, options, 'embed');
      const { level, stride = layout.contextLength } = chosen;
      const pooling = level === 'patch' ? 'none' : (chosen.pooling ?? 'mean');
      requireClassToken(pooling, config);
      const windows = embeddingWindows(panel.segments, layout.contextLength, stride);
      const { channels } = panel.frame;
      const across = level === 'window' ? (chosen.acrossChannels ?? 'mean') : undefined;
      const place = { panel, windows, layout, byPatch: level === 'patch' };
      const sizes = {
        patch: [channels.length, layout.patchCount, config.width],
        series: [channels.length, config.width],
        window: [across === 'concatenate' ? channels.length * config.width : config.width],
      };
      return {
        level,
        pooling,
        shape: [windows.count, ...sizes[level]],
        recordings: panel.segments.map(({ id }) => id),
        channels,
        hasTimes: panel.frame.times !== undefined,
        facts: {
          encoder: source.source,
          level,
          pooling,
          ...(across && { across_channels: across }),
          context_length: String(layout.contextLength),
          patch_length: String(layout.patchLength),
          stride: String(stride),
        },
        index: (first = 0, count = windows.count - first) => embeddingIndex(place, first, count),
        async *batches(): AsyncGenerator<EmbeddingBatch, void, undefined> {
          const program = await programFor(pooling);
          const each = Math.max(1, Math.floor((RUNS_OF_A_BATCH * batchSize) / channels.length));
          for (let first = 0; first < windows.count; first += each) {
            const count = Math.min(each, windows.count - first);
            const found = await program.run(readWindows(panel, windows, layout.contextLength, first, count));
            const vectors =
              across === 'mean' ? meanOverChannels(found, channels.length, config.width) : found;
            yield { firstWindow: first, windows: count, vectors };
          }
        },
      };
    },
    dispose() {
      for (const program of programs.values()) {
        void program.then(
          (one) => one.dispose(),
          () => {},
        );
      }
      programs.clear();
    },
  };
}
