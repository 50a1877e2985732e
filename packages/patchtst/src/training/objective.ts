import { PatchBertError } from '@patchbert/errors';
import { crossEntropy, type Tensors, weightedMeanSquaredError } from '@patchbert/ops';
import type { MeasuringObjective } from '@patchbert/train';
import * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { predictPatchTST, trainPatchTST } from '../model/forward.ts';

/**
 * What Hugging Face's PatchTST lowers, by task: the squared error of hidden patches in scaled units (`pretrain`), of the forecast in the
 * series' own units (`forecast`), of numbers (`regress`), or the cross-entropy of classes (`classify`). With weights of 1, the loss is
 * theirs; in pretraining, where a weight is the mask. Running statistics of batch norms are measured; dropout is what the batch has masks for.
 *
 * The batch is that of `pretrainingBatch`, `forecastingBatch`, `classificationBatch` or `regressionBatch`, with the masks of
 * `drawPatchTSTDropout` where a model drops.
 *
 * `evaluate` goes by running statistics and outputs `prediction`, and sums over what counts: `weightedLoss`, `squaredError` (of
 * probabilities, for classes: Brier's score) and `count`.
 *
 * @throws PatchBertError `patchtst/wrong-task` for a model without a head.
 * @example
 * const step = trainingStep(patchtstObjective(config), adamW({ clipNorm: 1 }), learnedParameters(config));
 */
export function patchtstObjective(config: PatchTSTConfig): MeasuringObjective {
  if (config.task === 'encode') {
    throw new PatchBertError(
      'patchtst/wrong-task',
      'patchtstObjective: a model of task "encode" has no head and nothing to lower; give it one with withTask.',
    );
  }
  const lossOf = config.task === 'classify' ? classLoss : squaredLoss;
  return {
    loss: (parameters, batch) => {
      const { prediction, measured } = trainPatchTST(parameters, config, batch);
      return { loss: lossOf(prediction!, batch), measured };
    },
    evaluate: (parameters, batch) => {
      const { prediction } = predictPatchTST(parameters, config, batch);
      const { target, lossWeight } = batch as { target: tf.Tensor; lossWeight: tf.Tensor };
      const classes = config.task === 'classify';
      const told = classes ? tf.softmax(prediction!) : prediction!;
      const weight = classes ? tf.expandDims(lossWeight, 1) : lossWeight; // [B] -> [B, 1]
      const squaredError = tf.sum(tf.mul(tf.square(tf.sub(told, target)), weight));
      const repeated = classes ? 1 : prediction!.size / lossWeight.size;
      const count = tf.mul(tf.sum(lossWeight), repeated);
      const weightedLoss = tf.mul(lossOf(prediction!, batch), tf.maximum(count, 1));
      return { prediction: prediction!, weightedLoss, squaredError, count };
    },
  };
}

function squaredLoss(prediction: tf.Tensor, { target, lossWeight }: Tensors): tf.Scalar {
  return weightedMeanSquaredError(prediction, target!, lossWeight!);
}

function classLoss(logits: tf.Tensor, { target, lossWeight }: Tensors): tf.Scalar {
  return crossEntropy(logits, target!, lossWeight!);
}
