import { emptyPoints, type SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import { type EncodedLevels, encodeLevels } from '@patchbert/encoder';
import type { HostTensors, Tensors } from '@patchbert/ops';
import { signatureOf } from '@patchbert/train';
import type * as tf from '@tensorflow/tfjs-core';
import { tokenCount } from '../config/series-model.ts';
import { cutPatches } from '../input/cut-patches.ts';
import { encoderOf } from '../input/encoder-of.ts';
import type { SeriesInputs } from '../input/series-inputs.ts';
import { everyPlace } from '../input/token-places.ts';
import { seriesEncoderInput } from '../objectives/series-encoder-input.ts';

const OUTPUT = 'rows';

export interface SeriesProgramOptions {
  readonly backend: Backend;
  readonly inputs: SeriesInputs;
  /** Those of the encoder, and of what `read` reads it with. */
  readonly parameters: HostTensors;
  /** Series of one run of the device. Default 32. */
  readonly batchSize?: number | undefined;
  /** What is wanted of the encoder: as many numbers for each series, series by series. */
  readonly read: (encoded: EncodedLevels, parameters: Tensors) => tf.Tensor;
}

/** A compiled encoder that reads every token of every series, without dropout. */
export interface SeriesProgram {
  /** What `read` returns, series by series. A series' numbers are the same in any batch. */
  run(series: readonly SeriesPoints[], onProgress?: (done: number) => void): Promise<Float32Array>;
  /** Other weights from now on. */
  load(parameters: HostTensors): Promise<void>;
  dispose(): void;
}

/** Compiles the encoder and what is read of it; batches are filled up with empty series. */
export async function openSeriesProgram(options: SeriesProgramOptions): Promise<SeriesProgram> {
  const { backend, inputs, parameters, read, batchSize = 32 } = options;
  const config = encoderOf(inputs);
  const places = everyPlace(tokenCount(inputs.model));
  const empty = emptyPoints(inputs.channels.length, inputs.model.length);
  const cut = (series: readonly SeriesPoints[]) => {
    const padding = Array.from({ length: batchSize - series.length }, () => empty);
    return { patches: cutPatches([...series, ...padding], inputs, places) };
  };
  const program = await backend.compile(
    (state, batch) => ({
      state: {},
      outputs: { [OUTPUT]: read(encodeLevels(state, config, seriesEncoderInput(batch)), state) },
    }),
    signatureOf(parameters, cut([])),
  );
  const pick = (all: HostTensors) =>
    Object.fromEntries(Object.keys(parameters).map((name) => [name, all[name]!]));
  await program.writeState(parameters);
  return {
    run: async (series, onProgress) => {
      const parts: Float32Array[] = [];
      for (let start = 0; start < series.length; start += batchSize) {
        const batch = series.slice(start, start + batchSize);
        const data = (await program.run(cut(batch)))[OUTPUT]!.data as Float32Array;
        parts.push(data.subarray(0, (data.length / batchSize) * batch.length));
        onProgress?.(start + batch.length);
      }
      return joined(parts);
    },
    load: (other) => program.writeState(pick(other)),
    dispose: () => program.dispose(),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const rows = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const part of parts) {
    rows.set(part, next);
    next += part.length;
  }
  return rows;
}
