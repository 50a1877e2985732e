import { type MaskedAutoencoderConfig, reconstruct } from '@patchbert/encoder';
import { type Tensors, weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { encoderInput } from './encoder-input.ts';
import type { Objective } from './objective.ts';

/**
 * Masked reconstruction (He et al. 2022; PatchTST, Nie et al. 2023): the mean squared error of hidden, observed points.
 * The batch is that of `assemblePretrainBatch`; dropout masks are read under `dropout.<name>` when present.
 *
 * `evaluate` outputs `squaredError`, `count` and `prediction` `[series, patches, patchLength]`.
 */
export function maskedReconstruction(config: MaskedAutoencoderConfig): Objective {
  const predict = (parameters: Tensors, batch: Tensors) =>
    reconstruct(parameters, config, encoderInput(batch));
  return {
    loss: (parameters, batch) =>
      weightedMeanSquaredError(predict(parameters, batch), batch.target!, batch.lossWeight!),
    evaluate: (parameters, batch) => {
      const prediction = predict(parameters, batch);
      const error = tf.square(tf.sub(prediction, batch.target!));
      return {
        prediction,
        squaredError: tf.sum(tf.mul(error, batch.lossWeight!)),
        count: tf.sum(batch.lossWeight!),
      };
    },
  };
}
