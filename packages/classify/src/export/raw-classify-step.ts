import type { Step } from '@patchbert/backend';
import { encodeLevels } from '@patchbert/encoder';
import { float32Tensor, type HostTensors, linear, type TensorSpec, type Tensors } from '@patchbert/ops';
import type { LinearModel } from '@patchbert/probe';
import {
  channelGroups,
  encoderOf,
  rawLength,
  rawPatches,
  type SeriesInputs,
  seriesFeatures,
} from '@patchbert/series';
import * as tf from '@tensorflow/tfjs-core';
import type { ClassifyChoices } from '../config/classify-config.ts';
import { type Member, readoutFeatures } from '../member/member.ts';
import { RIDGE_SHARPNESS } from '../predict/combine-readouts.ts';
import type { Target } from '../task/series-task.ts';

/** An ensemble as others are to use it. */
export interface RawClassifier {
  readonly target: Target;
  readonly inputs: SeriesInputs;
  readonly members: readonly Member[];
  readonly config: ClassifyChoices;
}

/**
 * From raw series to predictions as one step. It reads `values` `[B, L, C]`, NaN where a value is missing or a series has ended. It
 * returns `probabilities` `[B, K]` and `label` `[B]`, the place of the largest, or `value` `[B]` in the unit of the training values;
 * and `features` `[B, F]`, what the first member's encoder makes of each series.
 */
export function rawClassifyStep(raw: RawClassifier): Step {
  const { target, inputs, members, config } = raw;
  const encoder = encoderOf(inputs);
  const channels = channelGroups(inputs);
  const featureConfig = readoutFeatures(inputs, config);
  return (state, batch) => {
    const patches = rawPatches(batch.values as tf.Tensor3D, inputs);
    const features = members.map((_, m) => {
      const parameters = below(state, `${memberName(m)}.`);
      const encoded = encodeLevels(parameters, encoder, { patches });
      return seriesFeatures(encoded, featureConfig, { encoder, parameters, channels }); // [B, F]
    });
    const predictions = members.map(({ readouts }, m) => {
      const scores = (readout: string) => {
        const weights = below(state, `${memberName(m)}.${readout}.`);
        return linear(features[m]!, weights.weight as tf.Tensor2D, weights.bias as tf.Tensor1D); // [B, F] -> [B, outputs]
      };
      return average([
        ...(readouts.head ? [asPrediction(scores('head'), 1, target)] : []),
        ...(readouts.ridge ? [asPrediction(scores('ridge'), RIDGE_SHARPNESS, target)] : []),
      ]);
    });
    const prediction = average(predictions); // [B, K] or [B, 1]
    const size = prediction.shape[0]!;
    return {
      state: {},
      outputs: {
        ...(target.kind === 'class'
          ? { probabilities: prediction, label: tf.argMax(prediction, 1) } // [B, K] -> [B]
          : { value: tf.reshape(prediction, [size]) }), // [B, 1] -> [B]
        features: features[0]!,
      },
    };
  };
}

/** Names, shapes and types of what `rawClassifyStep` reads. */
export function rawClassifyInputs({ inputs }: RawClassifier, batch: number): Record<string, TensorSpec> {
  return { values: { shape: [batch, rawLength(inputs.model), inputs.channels.length], dtype: 'float32' } };
}

/** All weights of the ensemble, by the names that `rawClassifyStep` reads. */
export function rawClassifyState({ members }: RawClassifier): HostTensors {
  return Object.fromEntries(
    members.flatMap(({ parameters, readouts }, m) =>
      Object.entries({
        ...parameters,
        ...(readouts.head && linearTensors('head', readouts.head)),
        ...(readouts.ridge && linearTensors('ridge', readouts.ridge)),
      }).map(([name, tensor]) => [`${memberName(m)}.${name}`, tensor]),
    ),
  );
}

function memberName(index: number): string {
  return `member-${index}`;
}

function linearTensors(name: string, { weight, bias, outputs, columns }: LinearModel): HostTensors {
  return {
    [`${name}.weight`]: float32Tensor(Float32Array.from(weight), [outputs, columns]),
    [`${name}.bias`]: float32Tensor(Float32Array.from(bias)),
  };
}

/** The entries whose names begin with a prefix, without it. */
function below(state: Tensors, prefix: string): Tensors {
  return Object.fromEntries(
    Object.entries(state).flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : [],
    ),
  );
}

function asPrediction(scores: tf.Tensor, sharpness: number, target: Target): tf.Tensor {
  if (target.kind === 'class') return tf.softmax(tf.mul(scores, sharpness));
  return tf.add(tf.mul(scores, target.deviation), target.mean);
}

function average(predictions: readonly tf.Tensor[]): tf.Tensor {
  return tf.div(tf.addN([...predictions]), predictions.length);
}
