import { type EncoderInput, type MaskedAutoencoderConfig, reconstruct } from '@patchbert/encoder';
import { type Tensors, weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { Objective } from './objective.ts';

const DROPOUT_PREFIX = 'dropout.';

/**
 * Masked reconstruction (He et al. 2022; PatchTST, Nie et al. 2023): the mean squared error of hidden, observed points.
 * The batch is that of `assemblePretrainBatch`; dropout masks are read under `dropout.<name>` when present.
 *
 * `evaluate` outputs `squaredError`, `count` and `prediction` `[series, patches, patchLength]`.
 */
export function maskedReconstruction(config: MaskedAutoencoderConfig): Objective {
  const predict = (parameters: Tensors, batch: Tensors) =>
    reconstruct(parameters, config, reconstructionInput(batch));
  return {
    loss: (parameters, batch) =>
      weightedMeanSquaredError(predict(parameters, batch), batch.target!, batch.lossWeight!) as tf.Scalar,
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

/** Picks the encoder's inputs out of a batch; what a batch lacks stays absent. */
function reconstructionInput(batch: Tensors): EncoderInput {
  const { patches, tokenMask, keyMask, visibleIndex, restoreIndex, masked } = batch;
  const dropout = Object.entries(batch).filter(([name]) => name.startsWith(DROPOUT_PREFIX));
  return {
    patches: patches as tf.Tensor3D,
    ...(tokenMask && { tokenMask: tokenMask as tf.Tensor3D }),
    ...(keyMask && { keyMask: keyMask as tf.Tensor2D }),
    ...(visibleIndex &&
      restoreIndex &&
      masked && {
        visible: {
          visibleIndex: visibleIndex as tf.Tensor1D,
          restoreIndex: restoreIndex as tf.Tensor1D,
          masked: masked as tf.Tensor3D,
        },
      }),
    ...(dropout.length > 0 && {
      dropoutMasks: Object.fromEntries(
        dropout.map(([name, mask]) => [name.slice(DROPOUT_PREFIX.length), mask]),
      ),
    }),
  };
}
