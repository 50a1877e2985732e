import type { Backend, Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { invertPositiveDefinite } from './invert-positive-definite.ts';
import type { RidgeSums } from './ridge-sums.ts';

/** Rows that are eliminated at once; their block is inverted on the host. */
const LARGEST_BLOCK = 256;

/** Share of the total weight that is added to the constant's diagonal: it is not penalised, only kept invertible. */
const CONSTANT_PENALTY = 1e-9;

export interface RidgeSolver {
  /**
   * The weights `[F * H]` that minimise the weighted squared error plus `penalty * weight * |b|^2`; the constant, the last
   * feature, goes free.
   *
   * @throws PatchBertError `ridge/not-positive-definite` when the penalty is too small for the data.
   */
  solve(sums: RidgeSums, penalty: number): Promise<Float32Array>;
  dispose(): void;
}

/**
 * Compiles a solver for systems of `features` unknowns and `targets` right-hand sides: block Gauss-Jordan elimination of
 * `[G + penalty I | C]`, which needs no pivoting as the matrix is positive definite. Each run eliminates the leading block
 * and moves it to the end, so one program with static shapes serves every block and the order is back at the end.
 *
 * @example
 * const solver = await ridgeSolver(backend, { features: sums.features, targets: sums.targets });
 * const weights = await solver.solve(sums, 0.1);
 */
export async function ridgeSolver(
  backend: Backend,
  { features, targets }: { readonly features: number; readonly targets: number },
): Promise<RidgeSolver> {
  const blocks = Math.ceil(features / LARGEST_BLOCK);
  const block = Math.ceil(features / blocks);
  const size = blocks * block;
  const shape = [size, size + targets];
  const program = await backend.compile(eliminateBlock(size, block, targets), {
    state: { system: { shape, dtype: 'float32' } },
    batch: { inverse: { shape: [block, block], dtype: 'float32' } },
  });
  return {
    async solve(sums, penalty) {
      requireSums(sums, features, targets, penalty);
      const system = ridgeSystem(sums, penalty, size);
      await program.writeState({ system: float32Tensor(system, shape) });
      let pivot = leadingBlock(system, block, size + targets);
      for (let k = 0; k < blocks; k++) {
        const inverse = invertPositiveDefinite(pivot, block);
        if (inverse === undefined) throw notPositiveDefinite(penalty);
        const outputs = await program.run({ inverse: float32Tensor(inverse, [block, block]) });
        pivot = Float64Array.from(outputs.pivot!.data);
      }
      const { system: solved } = await program.readState(['system']);
      return rightHandSides(solved!.data as Float32Array, { features, size, targets });
    },
    dispose: () => program.dispose(),
  };
}

/** `[top; rest] -> [rest - rest[:, :b] D top; D top]`, its first b columns moved behind the others; D inverts the pivot. */
function eliminateBlock(size: number, block: number, targets: number): Step {
  const left = size - block;
  return ({ system }, { inverse }) => {
    const matrix = system as tf.Tensor2D;
    const top = tf.slice(matrix, [0, 0], [block, size + targets]) as tf.Tensor2D; // [n, n + H] -> [b, n + H]
    const row: tf.Tensor2D = tf.matMul(inverse as tf.Tensor2D, top); // [b, b] x [b, n + H] -> [b, n + H]
    const rotated = (rows: tf.Tensor2D, count: number) =>
      tf.concat(
        [
          tf.slice(rows, [0, block], [count, left]),
          tf.slice(rows, [0, 0], [count, block]),
          tf.slice(rows, [0, size], [count, targets]),
        ],
        1,
      ); // [m, n + H] -> [m, n + H]
    if (left === 0) return { state: { system: row }, outputs: { pivot: inverse! } };
    const rest = tf.slice(matrix, [block, 0], [left, size + targets]) as tf.Tensor2D; // [n, n + H] -> [n - b, n + H]
    const column = tf.slice(rest, [0, 0], [left, block]) as tf.Tensor2D; // [n - b, n + H] -> [n - b, b]
    const reduced = tf.sub<tf.Tensor2D>(rest, tf.matMul(column, row)); // [n - b, n + H]
    const next = tf.concat([rotated(reduced, left), rotated(row, block)], 0); // [n, n + H]
    return {
      state: { system: next },
      outputs: { pivot: tf.slice(next, [0, 0], [block, block]) }, // [n, n + H] -> [b, b]
    };
  };
}

/** `[G / w + penalty I | C / w]`, row-major `[n, n + H]`; rows past the features are those of the identity. */
function ridgeSystem(sums: RidgeSums, penalty: number, size: number): Float32Array {
  const { features, targets, gram, cross, weight } = sums;
  const width = size + targets;
  const system = new Float32Array(size * width);
  for (let i = 0; i < size; i++) {
    if (i >= features) {
      system[i * width + i] = 1;
      continue;
    }
    for (let j = 0; j < features; j++) system[i * width + j] = gram[i * features + j]! / weight;
    system[i * width + i]! += i === features - 1 ? CONSTANT_PENALTY : penalty;
    for (let h = 0; h < targets; h++) system[i * width + size + h] = cross[i * targets + h]! / weight;
  }
  return system;
}

function leadingBlock(system: Float32Array, block: number, width: number): Float64Array {
  const result = new Float64Array(block * block);
  for (let i = 0; i < block; i++) result.set(system.subarray(i * width, i * width + block), i * block);
  return result;
}

function rightHandSides(
  solved: Float32Array,
  { features, size, targets }: { features: number; size: number; targets: number },
): Float32Array {
  const weights = new Float32Array(features * targets);
  const width = size + targets;
  for (let i = 0; i < features; i++) {
    weights.set(solved.subarray(i * width + size, (i + 1) * width), i * targets);
  }
  return weights;
}

function requireSums(sums: RidgeSums, features: number, targets: number, penalty: number): void {
  if (sums.features !== features || sums.targets !== targets) {
    throw new PatchBertError(
      'ridge/bad-sums',
      `solve: the sums have ${sums.features} features and ${sums.targets} targets; this solver was made for ${features} and ${targets}.`,
    );
  }
  if (!(sums.weight > 0)) {
    throw new PatchBertError('ridge/no-rows', 'solve: the sums hold no row with a weight above 0.');
  }
  if (!(penalty > 0)) {
    throw new PatchBertError(
      'ridge/bad-penalty',
      `solve: the penalty is ${penalty}; expected a number above 0.`,
    );
  }
}

function notPositiveDefinite(penalty: number): PatchBertError {
  return new PatchBertError(
    'ridge/not-positive-definite',
    `solve: penalty ${penalty} is too small for features this dependent in single precision; use a larger one.`,
  );
}
