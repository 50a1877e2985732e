import type { Backend, Step } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { invertPositiveDefinite } from './invert-positive-definite.ts';
import type { RidgeSums } from './ridge-sums.ts';

/** Rows that are eliminated at once; their block is inverted on the host. */
const LARGEST_BLOCK = 256;

export interface RidgeSolver {
  /**
   * The weights `[F * H]` that minimise the weighted squared error plus `penalty * weight * |b|^2`; the constant, the last
   * feature, goes free: with a penalty on all others the system has one solution even where another feature is constant.
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
  const shapes = { matrix: [size, size], right: [size, targets] };
  const program = await backend.compile(eliminateBlock(size, block, targets), {
    state: {
      matrix: { shape: shapes.matrix, dtype: 'float32' },
      right: { shape: shapes.right, dtype: 'float32' },
    },
    batch: { inverse: { shape: [block, block], dtype: 'float32' } },
  });
  // Written anew for each penalty: these are the largest arrays of a fit.
  const matrix = new Float32Array(size * size);
  const right = new Float32Array(size * targets);
  return {
    async solve(sums, penalty) {
      requireSums(sums, features, targets, penalty);
      writeSystem(sums, penalty, size, { matrix, right });
      await program.writeState({
        matrix: float32Tensor(matrix, shapes.matrix),
        right: float32Tensor(right, shapes.right),
      });
      let pivot = leadingBlock(matrix, block, size);
      for (let k = 0; k < blocks; k++) {
        const inverse = invertPositiveDefinite(pivot, block);
        if (inverse === undefined) throw notPositiveDefinite(penalty);
        const outputs = await program.run({ inverse: float32Tensor(inverse, [block, block]) });
        pivot = Float64Array.from(outputs.pivot!.data);
      }
      const { right: solved } = await program.readState(['right']);
      return (solved!.data as Float32Array).slice(0, features * targets);
    },
    dispose: () => program.dispose(),
  };
}

/**
 * With D the inverse of the leading block: `[top; rest] -> [rest - rest[:, :b] D top; D top]` in the matrix and on the right;
 * the first b columns of the matrix move behind the others, as its first b rows do.
 */
function eliminateBlock(size: number, block: number, targets: number): Step {
  const left = size - block;
  return (state, { inverse }) => {
    const matrix = state.matrix as tf.Tensor2D;
    const right = state.right as tf.Tensor2D;
    const column = left > 0 && (tf.slice(matrix, [block, 0], [left, block]) as tf.Tensor2D); // [n, n] -> [n - b, b]
    const eliminate = (rows: tf.Tensor2D, width: number): tf.Tensor2D => {
      const top = tf.slice(rows, [0, 0], [block, width]) as tf.Tensor2D; // [n, w] -> [b, w]
      const row: tf.Tensor2D = tf.matMul(inverse as tf.Tensor2D, top); // [b, b] x [b, w] -> [b, w]
      if (!column) return row;
      const rest = tf.slice(rows, [block, 0], [left, width]); // [n, w] -> [n - b, w]
      return tf.concat([tf.sub(rest, tf.matMul(column, row)), row], 0) as tf.Tensor2D; // [n, w]
    };
    const reduced = eliminate(matrix, size);
    const rotated = column
      ? tf.concat([tf.slice(reduced, [0, block], [size, left]), tf.slice(reduced, [0, 0], [size, block])], 1) // [n, n]
      : reduced;
    return {
      state: { matrix: rotated, right: eliminate(right, targets) },
      outputs: { pivot: tf.slice(rotated, [0, 0], [block, block]) }, // [n, n] -> [b, b]
    };
  };
}

/** `G / w + penalty I` into `matrix` `[n, n]` and `C / w` into `right` `[n, H]`; rows past the features are those of the identity. */
function writeSystem(
  { features, targets, gram, cross, weight }: RidgeSums,
  penalty: number,
  size: number,
  { matrix, right }: { readonly matrix: Float32Array; readonly right: Float32Array },
): void {
  matrix.fill(0);
  for (let i = 0; i < size; i++) {
    if (i >= features) {
      matrix[i * size + i] = 1;
      continue;
    }
    for (let j = 0; j < features; j++) matrix[i * size + j] = gram[i * features + j]! / weight;
    // The last feature is the constant.
    if (i < features - 1) matrix[i * size + i]! += penalty;
  }
  for (let i = 0; i < features * targets; i++) right[i] = cross[i]! / weight;
}

function leadingBlock(matrix: Float32Array, block: number, size: number): Float64Array {
  const result = new Float64Array(block * block);
  for (let i = 0; i < block; i++) result.set(matrix.subarray(i * size, i * size + block), i * block);
  return result;
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
