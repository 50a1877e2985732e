import type { Step } from '@patchbert/backend';
import { middleLevelIndex } from '@patchbert/encoder';
import { observedPoints, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { forecastStep } from '../model/forecast-step.ts';
import { quantileOffsets } from './quantile-offsets.ts';
import { rawContexts } from './raw-contexts.ts';
import { rawExogenous } from './raw-exogenous.ts';
import type { RawForecast } from './raw-forecast.ts';

/**
 * A forecast from raw values to raw values as one step. It reads `values` `[B, L, C]` (NaN where one is missing) and, for a model
 * that was fitted with them, `calendar` `[B, 2 * cycles]` and `covariates` `[B, H, V]`; it returns `forecast` `[B, H, C]` and, with
 * levels, `quantiles` `[B, H, C, Q]`. The forecast of a context without a single value is NaN: there is nothing to make it from.
 *
 * @example
 * const { file } = await exportModel({ step: rawForecastStep(raw), state: modelState(raw.model), inputs: (batch) => rawForecastInputs(raw, batch) });
 */
export function rawForecastStep(raw: RawForecast): Step {
  const { model, channels, exogenous, quantileLevels } = raw;
  const { horizon, contextLength, network, linearWeight } = model;
  const count = channels.length;
  const predict = forecastStep(model);
  return (state, batch) => {
    const values = batch.values as tf.Tensor3D;
    const size = values.shape[0];
    const series: tf.Tensor2D = tf.reshape(tf.transpose(values, [0, 2, 1]), [size * count, contextLength]); // [B, L, C] -> [B, C, L] -> [S, L]
    const observed = observedPoints(series);
    const { standardised, mean, deviation, keyMask } = rawContexts(series, observed, network?.encoder.layout);
    const known = tf.greater(tf.max(observed, 1, true), 0); // [S, L] -> [S, 1]
    const { outputs } = predict(state, {
      context: standardised,
      ...(keyMask && { keyMask }),
      ...rawExogenous(exogenous, batch, { count, horizon }),
      ...channelOfEachSeries(raw, size),
    });
    const levels = network?.head.quantileLevels;
    const byNetwork = levels ? middleLevel(outputs.network!, levels) : outputs.network;
    const normalised = mixed(byNetwork, outputs.linear, linearWeight); // [S, H]
    const unknown = tf.fill([1, 1], Number.NaN);
    const forecast = tf.where(known, tf.add(mean, tf.mul(deviation, normalised)), unknown); // [S, H]
    return {
      state: {},
      outputs: {
        forecast: byTime(forecast, [size, count, horizon]),
        ...(quantileLevels.length > 0 && {
          quantiles: quantiles(
            forecast,
            deviation,
            levels && tf.sub(outputs.network!, tf.expandDims(byNetwork!, 2)),
          ),
        }),
      },
    };

    /** `[S, H]`, `[S, 1]` and, from a quantile head, `[S, H, K]` `-> [B, H, C, Q]`. */
    function quantiles(middle: tf.Tensor, scale: tf.Tensor, own: tf.Tensor | undefined): tf.Tensor {
      const offsets = quantileOffsets(raw, own); // [S or C, H, Q]
      const shape = [size, count, horizon, quantileLevels.length];
      const perSeries = own ? tf.reshape(offsets, shape) : tf.expandDims(offsets, 0); // [B or 1, C, H, Q]
      const units = tf.reshape(scale, [size, count, 1, 1]); // [S, 1] -> [B, C, 1, 1]
      const around = tf.reshape(middle, [size, count, horizon, 1]); // [S, H] -> [B, C, H, 1]
      return tf.transpose(tf.add(around, tf.mul(units, perSeries)), [0, 2, 1, 3]); // [B, C, H, Q] -> [B, H, C, Q]
    }
  };
}

/** `[S]`: which of the channels of the data each series is, for a head with a map for each. */
function channelOfEachSeries({ model, channels }: RawForecast, size: number): Tensors {
  if (model.network === undefined || model.network.head.channels === 'shared') return {};
  return { channel: tf.tile(tf.tensor1d([...channels], 'int32'), [size]) }; // [C] -> [S]
}

/** `[S, H, K] -> [S, H]`: the level nearest to the median. */
function middleLevel(network: tf.Tensor, levels: readonly number[]): tf.Tensor {
  const [series, horizon] = network.shape as [number, number];
  const middle = tf.slice(network, [0, 0, middleLevelIndex(levels)], [series, horizon, 1]); // [S, H, K] -> [S, H, 1]
  return tf.reshape(middle, [series, horizon]); // [S, H, 1] -> [S, H]
}

function mixed(
  network: tf.Tensor | undefined,
  linear: tf.Tensor | undefined,
  linearWeight: number,
): tf.Tensor {
  if (network === undefined) return linear!;
  if (linear === undefined) return network;
  return tf.add(tf.mul(linear, linearWeight), tf.mul(network, 1 - linearWeight));
}

function byTime(series: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.transpose(tf.reshape(series, shape), [0, 2, 1]); // [S, H] -> [B, C, H] -> [B, H, C]
}
