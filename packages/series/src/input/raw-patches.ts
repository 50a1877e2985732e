import { observedPoints, patchify, patchLayout, standardiseObserved, subtractExactly } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { type SeriesModel, tokenCount } from '../config/series-model.ts';
import { channelGroups, type SeriesInputs } from './series-inputs.ts';

/**
 * The tokens' inputs from raw series inside a step: what `prepareSeries` and `cutPatches` make on the host, for models that are
 * to run elsewhere.
 *
 * @param values `[B, L, C]` with L = `rawLength(model)` in the unit of the data; NaN where a value is missing or a series has ended.
 * @returns `[S, V, R * patchLength]`, S = B, or B x C when channels are independent.
 * @example
 * const tokens = encodePatches(parameters, encoderOf(inputs), { patches: rawPatches(values, inputs) });
 */
export function rawPatches(values: tf.Tensor3D, inputs: SeriesInputs): tf.Tensor3D {
  const { model, differenceScale } = inputs;
  const channels = inputs.channels.length;
  const groups = channelGroups(inputs);
  const [size, length] = values.shape;
  const byChannel = tf.reshape(tf.transpose(values, [0, 2, 1]), [size * channels, length]) as tf.Tensor2D; // [B, L, C] -> [B*C, L]
  const { points, visible } = pooled(scaled(byChannel, inputs), model); // [B*C, length] each
  const shape: [number, number, number] = [size * groups, channels / groups, model.length];
  const own = tf.reshape(points, shape); // [B*C, length] -> [S, C together, length]
  const seen = tf.reshape(visible, shape);
  const hidden = tf.sub(1, tf.mean(seen, 1, true)); // [S, 1, length]
  // Beyond the end of the last patch nothing is visible.
  const rows = [
    padded(own, 0, model),
    ...(model.differences ? [padded(differencesOf(own, seen, differenceScale), 0, model)] : []),
    padded(hidden, 1, model),
  ];
  return cut(tf.concat(rows, 1) as tf.Tensor3D, model);
}

/** Points of a series that the model reads. */
export function rawLength({ length, pooling }: SeriesModel): number {
  return length * pooling;
}

interface Points {
  /** Scaled; 0 where nothing is visible. */
  readonly points: tf.Tensor2D;
  /** 1 = visible. */
  readonly visible: tf.Tensor2D;
}

function scaled(x: tf.Tensor2D, { model, scaler, channels }: SeriesInputs): Points {
  const visible = observedPoints(x);
  if (model.normalise === 'per-series')
    return { points: standardiseObserved(x, visible).standardised, visible };
  const known = tf.where(tf.greater(visible, 0), x, tf.zerosLike(x));
  if (model.normalise === 'none') return { points: known, visible };
  const [series, length] = x.shape;
  const perChannel = (numbers: readonly number[]) => tf.tensor3d([...numbers], [1, channels.length, 1]);
  const byChannel = tf.reshape(known, [-1, channels.length, length]); // [B*C, L] -> [B, C, L]
  const centred = subtractExactly(byChannel, scaler.mean, [1, channels.length, 1]);
  const unit = tf.div(centred, perChannel(scaler.deviation));
  return { points: tf.mul(tf.reshape(unit, [series, length]), visible), visible }; // [B, C, L] -> [B*C, L]
}

/** The mean of the visible ones of every `pooling` points. */
function pooled({ points, visible }: Points, { length, pooling }: SeriesModel): Points {
  if (pooling === 1) return { points, visible };
  const series = points.shape[0];
  const sums = (x: tf.Tensor2D) => tf.sum(tf.reshape(x, [series, length, pooling]), 2) as tf.Tensor2D; // [S, L] -> [S, length, pooling] -> [S, length]
  const counts = sums(visible);
  return { points: tf.div(sums(points), tf.maximum(counts, 1)), visible: tf.minimum(counts, 1) };
}

/** `[S, C, L]`: the step from the point before where both are visible, 0 elsewhere. */
function differencesOf(points: tf.Tensor, visible: tf.Tensor, scale: number): tf.Tensor {
  const [series, channels, length] = points.shape as [number, number, number];
  if (length === 1) return tf.zerosLike(points);
  const size = [series, channels, length - 1];
  const later = (x: tf.Tensor) => tf.slice(x, [0, 0, 1], size); // [S, C, L] -> [S, C, L - 1]
  const earlier = (x: tf.Tensor) => tf.slice(x, [0, 0, 0], size); // [S, C, L] -> [S, C, L - 1]
  const steps = tf.div(tf.sub(later(points), earlier(points)), scale);
  const both = tf.mul(later(visible), earlier(visible));
  return tf.pad(tf.mul(steps, both), [
    [0, 0],
    [0, 0],
    [1, 0],
  ]); // [S, C, L - 1] -> [S, C, L]
}

function padded(rows: tf.Tensor, value: number, model: SeriesModel): tf.Tensor {
  const missing = coveredPoints(model) - model.length;
  if (missing === 0) return rows;
  const edges: [number, number][] = [
    [0, 0],
    [0, 0],
    [0, missing],
  ];
  return tf.pad(rows, edges, value); // [S, R, length] -> [S, R, covered]
}

function cut(rows: tf.Tensor3D, model: SeriesModel): tf.Tensor3D {
  const { patchLength, patchStride } = model;
  const [series, count, covered] = rows.shape;
  const places = tokenCount(model);
  const layout = patchLayout({ contextLength: covered, patchLength, patchStride });
  const patches = patchify(tf.reshape(rows, [series * count, covered]), layout); // [S, R, covered] -> [S*R, V, P]
  const byRow = tf.reshape(patches, [series, count, places, patchLength]); // [S*R, V, P] -> [S, R, V, P]
  const byPlace = tf.transpose(byRow, [0, 2, 1, 3]); // [S, R, V, P] -> [S, V, R, P]
  return tf.reshape(byPlace, [series, places, count * patchLength]); // [S, V, R, P] -> [S, V, R*P]
}

function coveredPoints(model: SeriesModel): number {
  return (tokenCount(model) - 1) * model.patchStride + model.patchLength;
}
