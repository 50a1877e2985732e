import type { Tensors } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { dropoutMasksOf, noDropout } from './dropout.ts';
import { encode, type HiddenStates } from './encode.ts';
import { head } from './head.ts';
import { type Measured, predictionNorm, trainingNorm } from './norms.ts';

/**
 * The encoder's part of a pass that predicts, without the head.
 *
 * @param patches `[B, C, N, P]`, scaled, from `prepareSeries`.
 */
export function hiddenStatesOf(
  parameters: Tensors,
  config: PatchTSTConfig,
  patches: tf.Tensor4D,
): HiddenStates {
  return encode(parameters, config, patches, predictionNorm(parameters, config), noDropout);
}

/** What a pass through a model gives. */
export interface PatchTSTOutput {
  readonly hiddenStates: HiddenStates;
  /** What the head says; `undefined` for a model without one. */
  readonly prediction: tf.Tensor | undefined;
}

/**
 * A pass that predicts: batch norms go by their running statistics, nothing is dropped, no sample sees another.
 *
 * @param batch `patches` `[B, C, N, P]`, and `loc` and `scale` `[B, 1, C]` for a forecaster: what `prepareSeries` gives.
 * @example
 * const { prediction } = predictPatchTST(state, config, batch);
 */
export function predictPatchTST(parameters: Tensors, config: PatchTSTConfig, batch: Tensors): PatchTSTOutput {
  const norm = predictionNorm(parameters, config);
  const hiddenStates = encode(parameters, config, batch.patches as tf.Tensor4D, norm, noDropout);
  return {
    hiddenStates,
    prediction: head(parameters, config, hiddenStates.last, seriesScale(batch), noDropout),
  };
}

/** What a training pass gives. */
export interface PatchTSTTrainingOutput extends PatchTSTOutput {
  /** New running statistics of every batch norm, by name; nothing for a model of layer norms. */
  readonly measured: Tensors;
}

/**
 * A pass that trains: batch norms go by the batch and measure it, and what the batch's masks `dropout.<place>` say is dropped.
 *
 * @param batch as for `predictPatchTST`, with or without masks of `drawPatchTSTDropout`.
 */
export function trainPatchTST(
  parameters: Tensors,
  config: PatchTSTConfig,
  batch: Tensors,
): PatchTSTTrainingOutput {
  const measured: Measured = {};
  const norm = trainingNorm(parameters, config, measured);
  const masks = dropoutMasksOf(batch);
  const hiddenStates = encode(parameters, config, batch.patches as tf.Tensor4D, norm, masks);
  const prediction = head(parameters, config, hiddenStates.last, seriesScale(batch), masks);
  return { hiddenStates, prediction, measured };
}

function seriesScale({ loc, scale }: Tensors) {
  return { loc: loc!, scale: scale! };
}
