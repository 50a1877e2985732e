import type { Backend, Program } from '@patchbert/backend';
import { encoderParameterSpecs } from '@patchbert/encoder';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { signatureOf } from '@patchbert/train';
import type { EmbeddingPooling } from '../embedding-options.ts';
import type { WindowEncoder } from '../encoder/load-encoder.ts';
import { embeddingStep } from '../model/embedding-step.ts';
import type { RawWindows } from '../windows/read-windows.ts';

/** A compiled encoder of windows. */
export interface WindowProgram {
  /** `[rows, ...]`: the vectors of each row, NaN where nothing was measured. */
  run(windows: RawWindows): Promise<Float32Array>;
  dispose(): void;
}

/** Compiles `embeddingStep` for batches of one size; a last batch is filled up with windows without a value. */
export async function openWindowProgram(
  backend: Backend,
  { encoder, parameters: all }: WindowEncoder,
  pooling: EmbeddingPooling | 'none',
  batchSize: number,
): Promise<WindowProgram> {
  const { contextLength, patchCount } = encoder.layout;
  const names = Object.keys(encoderParameterSpecs(encoder.config));
  const parameters = Object.fromEntries(names.map((name) => [name, all[name]!]));
  const perSeries = encoder.config.width * (pooling === 'none' ? patchCount : 1);
  const batchOf = ({ values, observed }: RawWindows, first: number): HostTensors => {
    const part = (data: Float32Array) => {
      const filled = new Float32Array(batchSize * contextLength);
      filled.set(data.subarray(first * contextLength, (first + batchSize) * contextLength));
      return float32Tensor(filled, [batchSize, contextLength]);
    };
    return { values: part(values), observed: part(observed) };
  };
  const none = { rows: 0, values: new Float32Array(), observed: new Float32Array() };
  const step = embeddingStep(encoder, pooling);
  const program: Program = await backend.compile(step, signatureOf(parameters, batchOf(none, 0)));
  await program.writeState(parameters);
  // A program runs one batch at a time; callers may not.
  let last: Promise<unknown> = Promise.resolve();
  const runAlone = (batch: HostTensors) => {
    const next = last.then(() => program.run(batch));
    last = next.catch(() => undefined);
    return next;
  };
  return {
    async run(windows) {
      const vectors = new Float32Array(windows.rows * perSeries);
      for (let first = 0; first < windows.rows; first += batchSize) {
        const outputs = await runAlone(batchOf(windows, first));
        const count = Math.min(batchSize, windows.rows - first);
        const found = outputs.vectors!.data.subarray(0, count * perSeries) as Float32Array;
        vectors.set(found, first * perSeries);
        const seen = outputs.seen!.data.subarray(0, count * patchCount) as Float32Array;
        blankUnseen(vectors.subarray(first * perSeries, (first + count) * perSeries), seen, {
          patchCount,
          byPatch: pooling === 'none',
        });
      }
      return vectors;
    },
    dispose: () => program.dispose(),
  };
}

/** No vector where nothing was measured: NaN, that nobody takes it for one. */
function blankUnseen(
  vectors: Float32Array,
  seen: Float32Array,
  { patchCount, byPatch }: { readonly patchCount: number; readonly byPatch: boolean },
): void {
  const places = byPatch ? seen.length : seen.length / patchCount;
  const width = vectors.length / places;
  for (let place = 0; place < places; place++) {
    const patches = byPatch
      ? seen.subarray(place, place + 1)
      : seen.subarray(place * patchCount, (place + 1) * patchCount);
    if (!patches.includes(1)) vectors.fill(Number.NaN, place * width, (place + 1) * width);
  }
}
