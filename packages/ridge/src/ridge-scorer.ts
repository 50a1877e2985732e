import type { Backend, Step } from '@patchbert/backend';
import { float32Tensor } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { RidgeSums } from './ridge-sums.ts';

/** Scores weights against sums of other rows. */
export interface RidgeScorer {
  /**
   * `[H]`: the weighted mean squared error of each target, `(y'y - 2 b'c + b'Gb) / w`, without seeing a row again; 0 where
   * the fit is so close that rounding would leave less.
   */
  errors(weights: Float32Array): Promise<Float64Array>;
  dispose(): void;
}

/**
 * Compiles the error of ridge weights on rows of which only the sums were kept, such as the validation rows.
 *
 * @example
 * const scorer = await ridgeScorer(backend, validationSums);
 * const errors = await scorer.errors(await solver.solve(trainingSums, 0.1));
 */
export async function ridgeScorer(backend: Backend, sums: RidgeSums): Promise<RidgeScorer> {
  const { features: F, targets: H } = sums;
  const program = await backend.compile(errorStep, {
    state: {
      gram: { shape: [F, F], dtype: 'float32' },
      cross: { shape: [F, H], dtype: 'float32' },
    },
    batch: { weights: { shape: [F, H], dtype: 'float32' } },
  });
  await program.writeState({
    gram: float32Tensor(sums.gram, [F, F]),
    cross: float32Tensor(sums.cross, [F, H]),
  });
  return {
    async errors(weights) {
      const { explained } = await program.run({ weights: float32Tensor(weights, [F, H]) });
      return sums.squares.map((square, h) => Math.max(0, square + explained!.data[h]!) / sums.weight);
    },
    dispose: () => program.dispose(),
  };
}

const errorStep: Step = ({ gram, cross }, { weights }) => {
  const fitted = tf.matMul(gram as tf.Tensor2D, weights as tf.Tensor2D); // [F, F] x [F, H] -> [F, H]
  const explained = tf.sum(tf.mul(weights!, tf.sub(fitted, tf.mul(cross!, 2))), 0); // [F, H] -> [H]
  return { state: {}, outputs: { explained } };
};
