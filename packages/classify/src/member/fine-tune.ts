import type { SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import { encodeLevels, encoderParameterSpecs, initialiseParameters } from '@patchbert/encoder';
import {
  batchNormalise,
  crossEntropy,
  type HostTensors,
  linear,
  weightedMeanSquaredError,
} from '@patchbert/ops';
import { deriveKey, type RandomKey } from '@patchbert/random';
import {
  channelGroups,
  DROPOUT_PREFIX,
  encoderOf,
  type FeatureConfig,
  featureWidth,
  poolingSpecs,
  type SeriesInputs,
  seriesEncoderInput,
  seriesFeatures,
  type TrainedWeights,
  trainWeights,
} from '@patchbert/series';
import type { FitStep } from '@patchbert/train';
import * as tf from '@tensorflow/tfjs-core';
import { fineTuningBatches } from './fine-tuning-batches.ts';
import type { FineTuning } from './fine-tuning-config.ts';

/** Keeps features that hardly vary in a batch from being blown up. */
export const HEAD_EPSILON = 1e-5;

export interface FineTuneOptions {
  readonly series: readonly SeriesPoints[];
  /** `[series, outputs]`: class probabilities, or the scaled value. */
  readonly targets: Float32Array;
  readonly outputs: number;
  readonly loss: 'cross-entropy' | 'squared-error';
  /** `[series]`: how much each counts. */
  readonly weights: Float32Array;
  readonly inputs: SeriesInputs;
  readonly features: FeatureConfig;
  readonly config: FineTuning;
  /** Pretrained ones, or random ones to train from scratch; those of the encoder are read. */
  readonly encoder: HostTensors;
  readonly backend: Backend;
  readonly key: RandomKey;
  readonly onStep?: ((step: FitStep) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains encoder and head together on labels. The head reads the features normalised by their batch, drops some, and maps them
 * linearly; `head.weight` `[outputs, F]` and `head.bias` are for normalised features.
 */
export async function fineTune(options: FineTuneOptions): Promise<TrainedWeights> {
  const { inputs, features, config, outputs, backend, key } = options;
  const encoder = encoderOf(inputs);
  const groups = channelGroups(inputs);
  const headWidth = featureWidth(features, encoder, groups);
  const encoderNames = Object.keys(encoderParameterSpecs(encoder));
  const pooling = initialiseParameters(poolingSpecs(features, encoder), key);
  const head = initialiseParameters(
    {
      'head.weight': { shape: [outputs, headWidth], dtype: 'float32' },
      'head.bias': { shape: [outputs], dtype: 'float32' },
    },
    deriveKey(key, 'head'),
  );
  // The readouts read what blocks leave, before the final norm, which so gets no gradient.
  const trained = [
    ...encoderNames.filter((name) => !name.startsWith('encoder.norm.')),
    ...Object.keys(pooling),
    ...Object.keys(head),
  ];
  const lossOf = options.loss === 'cross-entropy' ? crossEntropy : squaredError;
  return trainWeights({
    backend,
    loss: (parameters, batch) => {
      const levels = encodeLevels(parameters, encoder, seriesEncoderInput(batch));
      const vectors = seriesFeatures(levels, features, { encoder, parameters, channels: groups });
      const normalised = batchNormalise(vectors, HEAD_EPSILON);
      const mask = batch[`${DROPOUT_PREFIX}head`];
      const kept = mask ? tf.mul(normalised, mask) : normalised;
      const scores = linear(
        kept as tf.Tensor2D,
        parameters['head.weight'] as tf.Tensor2D,
        parameters['head.bias'] as tf.Tensor1D,
      );
      return lossOf(scores as tf.Tensor2D, batch.target as tf.Tensor2D, batch.lossWeight as tf.Tensor1D);
    },
    parameters: {
      ...Object.fromEntries(encoderNames.map((name) => [name, options.encoder[name]!])),
      ...pooling,
      ...head,
    },
    trained,
    training: config.training,
    makeBatch: fineTuningBatches({ ...options, headWidth }),
    onStep: options.onStep,
    signal: options.signal,
  });
}

/** `[B, 1]` predictions of scaled values. */
function squaredError(prediction: tf.Tensor2D, target: tf.Tensor2D, weight: tf.Tensor1D): tf.Scalar {
  const each = tf.reshape(weight, [-1, 1]); // [B] -> [B, 1]
  return weightedMeanSquaredError(prediction, target, each);
}
