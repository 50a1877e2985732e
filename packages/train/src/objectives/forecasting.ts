import {
  type EncoderConfig,
  encodePatches,
  type ForecastHeadConfig,
  type ForecastHeadInput,
  forecastHead,
  middleLevelIndex,
} from '@patchbert/encoder';
import { PatchBertError } from '@patchbert/errors';
import {
  huberLoss,
  pinballLoss,
  type Tensors,
  weightedMeanAbsoluteError,
  weightedMeanSquaredError,
} from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { DROPOUT_PREFIX, encoderInput } from './encoder-input.ts';
import type { Objective } from './objective.ts';

/** What a forecaster is made of and what its training lowers. */
export interface ForecastingConfig {
  readonly encoder: EncoderConfig;
  readonly head: ForecastHeadConfig;
  /** `quantile` is the pinball loss and goes with `quantileLevels` of the head; the others go with point heads. */
  readonly loss: 'mse' | 'mae' | 'huber' | 'quantile';
  /** Where `huber` turns from squares to absolute values, in normalised units. Default 1. */
  readonly huberDelta?: number | undefined;
}

/**
 * Forecasting with an encoder and a head. A batch holds `patches` `[S, N, P]`, `target` and `lossWeight` `[S, H]`, and where
 * the model wants them `keyMask` `[S, N]`, `exogenous` `[S, E]`, `channel` `[S]` int32 and `dropout.<name>` (names of
 * `dropoutMaskSpecs` and `headDropoutMaskSpecs`). Targets are in the normalised units of their series and finite; where one
 * was not measured its weight is 0. A weight that makes errors count in another unit, such as the variance of the window,
 * is part of `lossWeight`; let weights be near 1 on average, as their sum counts as at least 1.
 *
 * `evaluate` outputs `prediction` `[S, H]` or `[S, H, Q]`, and sums over the points by weight: `weightedLoss` (of the
 * training loss), `squaredError` and `absoluteError` (of the middle level, with quantiles), `count`.
 *
 * @throws PatchBertError `train/bad-objective` when loss and head do not go together.
 * @example
 * const objective = forecasting({ encoder, head, loss: 'mse' });
 */
export function forecasting(config: ForecastingConfig): Objective {
  requireMatchingLoss(config);
  const { head, encoder } = config;
  const predict = (parameters: Tensors, batch: Tensors) => {
    const tokens = encodePatches(parameters, encoder, encoderInput(batch)); // [S, N, P] -> [S, N, D]
    return forecastHead(parameters, head, tokens, headInput(head, batch)); // [S, N, D] -> [S, H] or [S, H, Q]
  };
  return {
    loss: (parameters, batch) => lossOf(config, predict(parameters, batch), batch),
    evaluate: (parameters, batch) => {
      const prediction = predict(parameters, batch);
      const weight = batch.lossWeight!;
      const count = tf.sum(weight);
      const error = tf.sub(pointForecast(head, prediction), batch.target!);
      return {
        prediction,
        weightedLoss: tf.mul(lossOf(config, prediction, batch), tf.maximum(count, 1)),
        squaredError: tf.sum(tf.mul(tf.square(error), weight)),
        absoluteError: tf.sum(tf.mul(tf.abs(error), weight)),
        count,
      };
    },
  };
}

function lossOf({ head, loss, huberDelta }: ForecastingConfig, prediction: tf.Tensor, batch: Tensors) {
  const target = batch.target!;
  const weight = batch.lossWeight!;
  switch (loss) {
    case 'mse':
      return weightedMeanSquaredError(prediction, target, weight);
    case 'mae':
      return weightedMeanAbsoluteError(prediction, target, weight);
    case 'huber':
      return huberLoss(prediction, target, weight, huberDelta);
    case 'quantile':
      return pinballLoss(prediction, target, weight, head.quantileLevels!);
  }
}

/** The middle level of a quantile forecast, `[S, H, Q] -> [S, H]`; a point forecast as it is. */
function pointForecast({ quantileLevels, horizon }: ForecastHeadConfig, prediction: tf.Tensor): tf.Tensor {
  if (quantileLevels === undefined) return prediction;
  const [series] = prediction.shape as [number];
  const middle = tf.slice(prediction, [0, 0, middleLevelIndex(quantileLevels)], [series, horizon, 1]); // [S, H, Q] -> [S, H, 1]
  return tf.reshape(middle, [series, horizon]); // [S, H, 1] -> [S, H]
}

function headInput({ channels, exogenousWidth }: ForecastHeadConfig, batch: Tensors): ForecastHeadInput {
  return {
    ...(exogenousWidth > 0 && { exogenous: batch.exogenous as tf.Tensor2D | undefined }),
    ...(channels !== 'shared' && { channel: batch.channel as tf.Tensor1D | undefined }),
    dropoutMask: batch[`${DROPOUT_PREFIX}head`] as tf.Tensor2D | undefined,
  };
}

function requireMatchingLoss({ loss, head }: ForecastingConfig): void {
  if ((loss === 'quantile') === (head.quantileLevels !== undefined)) return;
  throw new PatchBertError(
    'train/bad-objective',
    loss === 'quantile'
      ? 'forecasting: loss "quantile" needs a head with quantileLevels, such as [0.1, 0.5, 0.9].'
      : `forecasting: loss "${loss}" trains one number per step, and the head has quantileLevels; choose loss "quantile" or ` +
          'leave the levels out.',
  );
}
