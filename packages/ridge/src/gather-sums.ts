import type { Backend, Program, Signature, Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { float32Tensor, type HostTensors, type TensorSpec, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { RidgeSums } from './ridge-sums.ts';

/** Entries of a batch that are not inputs of the features. */
const TARGET = 'ridge.target';
const WEIGHT = 'ridge.weight';
const GRAM = 'ridge.gram';
const CROSS = 'ridge.cross';

export interface GatherSumsOptions {
  /** Rows of a batch as vectors, `[S, F - 1]`; traced with `parameters` and a batch. */
  readonly features: (parameters: Tensors, batch: Tensors) => tf.Tensor2D;
  /** F - 1: the constant is added here. */
  readonly featureCount: number;
  /** H. */
  readonly targetCount: number;
  /** What `features` reads besides the batch: a frozen encoder, or nothing. */
  readonly parameters?: HostTensors;
  /** Shapes of a batch: inputs of `features`, `ridge.target` `[S, H]` and `ridge.weight` `[S, 1]`. */
  readonly batch: Readonly<Record<string, TensorSpec>>;
}

/** Adds batches up on the device. */
export interface SumsGatherer {
  /** Adds one batch; a row of weight 0 adds nothing. @throws PatchBertError `backend/bad-batch`. */
  add(batch: HostTensors): Promise<void>;
  /** The sums so far, of the first `targets` targets (default all). */
  read(targets?: number): Promise<RidgeSums>;
  dispose(): void;
}

/**
 * Compiles the program that turns batches into the sums of ridge regression. Features never come back to the host: only
 * F x F and F x H numbers are kept, however many rows there are.
 *
 * @throws PatchBertError `ridge/bad-batch` when target and weight do not fit; those of `backend.compile`.
 * @example
 * const gatherer = await gatherSums(backend, { features, featureCount: 512, targetCount: 96, batch: specs });
 * for (const batch of batches) await gatherer.add(batch);
 * const sums = await gatherer.read();
 */
export async function gatherSums(backend: Backend, options: GatherSumsOptions): Promise<SumsGatherer> {
  const { targetCount: H, parameters = {} } = options;
  const F = options.featureCount + 1;
  const rows = requireBatch(options);
  const signature: Signature = {
    state: {
      ...specsOf(parameters),
      [GRAM]: { shape: [F, F], dtype: 'float32' },
      [CROSS]: { shape: [F, H], dtype: 'float32' },
    },
    batch: options.batch,
  };
  const program = await backend.compile(sumsStep(options), signature);
  await program.writeState({
    ...parameters,
    [GRAM]: float32Tensor(new Float32Array(F * F), [F, F]),
    [CROSS]: float32Tensor(new Float32Array(F * H), [F, H]),
  });
  return openGatherer(program, { F, H, rows });
}

function openGatherer(
  program: Program,
  { F, H, rows }: { F: number; H: number; rows: number },
): SumsGatherer {
  const squares = new Float64Array(H);
  let [weight, counted] = [0, 0];
  return {
    async add(batch) {
      await program.run(batch);
      const target = batch[TARGET]!.data;
      const weights = batch[WEIGHT]!.data;
      for (let row = 0; row < rows; row++) {
        const w = weights[row]!;
        if (w === 0) continue;
        weight += w;
        counted++;
        for (let h = 0; h < H; h++) squares[h]! += w * target[row * H + h]! ** 2;
      }
    },
    async read(targets = H) {
      const state = await program.readState([GRAM, CROSS]);
      return {
        features: F,
        targets,
        gram: state[GRAM]!.data as Float32Array,
        cross: firstColumns(state[CROSS]!.data as Float32Array, F, H, targets),
        squares: squares.slice(0, targets),
        weight,
        rows: counted,
      };
    },
    dispose: () => program.dispose(),
  };
}

function sumsStep({ features }: GatherSumsOptions): Step {
  return (state, batch) => {
    const { [TARGET]: target, [WEIGHT]: weight, ...inputs } = batch;
    const { [GRAM]: gram, [CROSS]: cross, ...parameters } = state;
    const x = features(parameters, inputs);
    const design = tf.concat([x, tf.ones([x.shape[0], 1])], 1) as tf.Tensor2D; // [S, F - 1] -> [S, F]
    const weighted = tf.mul(design, weight!) as tf.Tensor2D; // [S, F]
    return {
      state: {
        [GRAM]: tf.add(gram!, tf.matMul(weighted, design, true, false)), // [F, S] x [S, F] -> [F, F]
        [CROSS]: tf.add(cross!, tf.matMul(weighted, target as tf.Tensor2D, true, false)), // [F, S] x [S, H] -> [F, H]
      },
      outputs: {},
    };
  };
}

function requireBatch({ batch, targetCount }: GatherSumsOptions): number {
  const rows = batch[TARGET]?.shape[0];
  const fits =
    rows !== undefined &&
    batch[TARGET]!.shape[1] === targetCount &&
    batch[WEIGHT]?.shape.length === 2 &&
    batch[WEIGHT].shape[0] === rows &&
    batch[WEIGHT].shape[1] === 1;
  if (fits) return rows;
  throw new PatchBertError(
    'ridge/bad-batch',
    `gatherSums: expected ${TARGET} of shape [rows, ${targetCount}] and ${WEIGHT} of shape [rows, 1]; got ` +
      `[${batch[TARGET]?.shape.join(', ') ?? 'nothing'}] and [${batch[WEIGHT]?.shape.join(', ') ?? 'nothing'}].`,
  );
}

function firstColumns(values: Float32Array, rows: number, columns: number, kept: number): Float32Array {
  if (kept === columns) return values;
  const result = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    result.set(values.subarray(row * columns, row * columns + kept), row * kept);
  }
  return result;
}

function specsOf(tensors: HostTensors): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
}
