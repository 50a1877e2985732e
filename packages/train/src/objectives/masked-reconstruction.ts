import { type MaskedAutoencoderConfig, reconstruct } from '@patchbert/encoder';
import { spectralLoss, type Tensors, weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { encoderInput } from './encoder-input.ts';
import type { Objective } from './objective.ts';

export interface MaskedReconstructionOptions {
  /** Weight of the difference between the spectra of hidden patches and their reconstruction (`spectralLoss`). Default 0. */
  readonly spectrumWeight?: number;
}

/**
 * Masked reconstruction (He et al. 2022; PatchTST, Nie et al. 2023): the mean squared error of hidden, observed points, and
 * `spectrumWeight` times the difference of their spectra, patch by patch.
 * The batch is that of `assemblePretrainBatch`; dropout masks are read under `dropout.<name>` when present.
 *
 * `evaluate` outputs `squaredError`, `count` and `prediction` `[series, patches, patchLength]`.
 */
export function maskedReconstruction(
  config: MaskedAutoencoderConfig,
  { spectrumWeight = 0 }: MaskedReconstructionOptions = {},
): Objective {
  const predict = (parameters: Tensors, batch: Tensors) =>
    reconstruct(parameters, config, encoderInput(batch));
  return {
    loss: (parameters, batch) => {
      const { target, lossWeight } = batch as { target: tf.Tensor; lossWeight: tf.Tensor };
      const prediction = predict(parameters, batch); // [S, N, P]
      const squared = weightedMeanSquaredError(prediction, target, lossWeight);
      if (spectrumWeight === 0) return squared;
      return tf.add(squared, tf.mul(spectralLoss(prediction, target, lossWeight), spectrumWeight));
    },
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
