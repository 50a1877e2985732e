import { type Weights, weightsBelow } from '@patchbert/encoder';
import { batchNormalise, layerNorm, runningStatistics, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';

/** Normalises rows of tokens `[M, D]` with the weights of this full name, such as `encoder.layers.0.attentionNorm`. */
export type Norm = (rows: tf.Tensor2D, name: string) => tf.Tensor2D;

/** Share of a batch in the running statistics, as PyTorch has it. */
const MOMENTUM = 0.1;

/** The norms of a prediction: nothing depends on the batch. */
export function predictionNorm(parameters: Tensors, { norm, normEpsilon }: PatchTSTConfig): Norm {
  return (rows, name) => {
    const weights = weightsBelow(parameters, name);
    if (norm === 'layer') return layerNorm(rows, weights('scale'), weights('offset'), normEpsilon);
    return batchNormalise(rows, normEpsilon, { ...affine(weights), statistics: running(weights) });
  };
}

/** Where the new running statistics of a training pass are put down, by full name. */
export type Measured = Record<string, tf.Tensor>;

/**
 * The norms of a training pass. A batch norm normalises by the batch and puts its new running statistics down in `measured`: a tenth of
 * the batch's mean and sample variance, nine tenths of what they were.
 */
export function trainingNorm(parameters: Tensors, config: PatchTSTConfig, measured: Measured): Norm {
  if (config.norm === 'layer') return predictionNorm(parameters, config);
  return (rows, name) => {
    const weights = weightsBelow(parameters, name);
    const next = runningStatistics(running(weights), rows, MOMENTUM);
    measured[`${name}.runningMean`] = next.mean;
    measured[`${name}.runningVariance`] = next.variance;
    measured[`${name}.batchCount`] = tf.add(weights('batchCount'), tf.scalar(1, 'int32'));
    return batchNormalise(rows, config.normEpsilon, affine(weights));
  };
}

function affine(weights: Weights): { scale: tf.Tensor; offset: tf.Tensor } {
  return { scale: weights('scale'), offset: weights('offset') };
}

function running(weights: Weights): { mean: tf.Tensor; variance: tf.Tensor } {
  return { mean: weights('runningMean'), variance: weights('runningVariance') };
}
