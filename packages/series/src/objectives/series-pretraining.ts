import { type EncoderConfig, encodeLevels, patchTokens } from '@patchbert/encoder';
import {
  hierarchicalContrast,
  instanceContrast,
  linear,
  spectralLoss,
  type Tensors,
  weightedMeanSquaredError,
} from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { seriesEncoderInput } from './series-encoder-input.ts';

/** Weights of the parts of the loss; a part of weight 0 is not computed. */
export interface PretrainingLosses {
  /** Masked reconstruction (BERT, MAE): mean squared error of hidden, measured points. */
  readonly reconstruction: number;
  /** The difference between the spectra of reconstruction and truth, hidden points only. */
  readonly spectrum: number;
  /** Two views of a series are told from other series (InfoNCE; van den Oord et al. 2018). */
  readonly instanceContrast: number;
  /** Instances and moments of two views told apart at every time scale (TS2Vec, Yue et al. 2022). */
  readonly hierarchicalContrast: number;
}

export interface SeriesPretrainingConfig {
  readonly encoder: EncoderConfig;
  /** Encoded series that make up one series: 1 when channels are mixed. */
  readonly channels: number;
  readonly losses: PretrainingLosses;
  readonly temperature: number;
}

/** Whether the losses compare two views of each series. */
export function needsTwoViews({ instanceContrast, hierarchicalContrast }: PretrainingLosses): boolean {
  return instanceContrast > 0 || hierarchicalContrast > 0;
}

/**
 * The pretraining loss of whole series: parts added up by weight, over one pass of the encoder.
 *
 * A batch holds `patches` of the first views, then those of the second views (when two are needed), and `target` and
 * `lossWeight` of the first ones; `excluded` `[B, B]` is 1 where two entries are the same series.
 */
export function seriesPretrainingLoss(
  config: SeriesPretrainingConfig,
  parameters: Tensors,
  batch: Tensors,
): tf.Scalar {
  const { encoder, losses } = config;
  const { output } = encodeLevels(parameters, encoder, seriesEncoderInput(batch));
  const tokens = patchTokens(output, encoder);
  const [first, second] = needsTwoViews(losses) ? halves(tokens) : [tokens, tokens];
  const parts: tf.Tensor[] = [];
  const add = (weight: number, part: tf.Tensor) => parts.push(tf.mul(part, weight));
  if (losses.reconstruction > 0 || losses.spectrum > 0) {
    const prediction = linear(
      first,
      parameters['head.weight'] as tf.Tensor2D,
      parameters['head.bias'] as tf.Tensor1D,
    ); // [S, V, D] -> [S, V, P]
    const { target, lossWeight } = batch as { target: tf.Tensor; lossWeight: tf.Tensor };
    if (losses.reconstruction > 0)
      add(losses.reconstruction, weightedMeanSquaredError(prediction, target, lossWeight));
    if (losses.spectrum > 0) add(losses.spectrum, spectrumLoss(encoder, prediction, target, lossWeight));
  }
  if (losses.instanceContrast > 0) {
    const project = (view: tf.Tensor3D) =>
      linear(
        meanOfSeries(view, config.channels),
        parameters['contrast.weight'] as tf.Tensor2D,
        parameters['contrast.bias'] as tf.Tensor1D,
      ) as tf.Tensor2D; // [B, D] -> [B, D]
    const options = { temperature: config.temperature, excluded: batch.excluded as tf.Tensor2D };
    add(losses.instanceContrast, instanceContrast(project(first), project(second), options));
  }
  if (losses.hierarchicalContrast > 0) add(losses.hierarchicalContrast, hierarchicalContrast(first, second));
  return parts.reduce((sum, part) => tf.add(sum, part)) as tf.Scalar;
}

/** Each channel of each patch has a spectrum of its own: `[S, V, channels * P] -> [S * V * channels, P]`. */
function spectrumLoss(
  { patchLength }: EncoderConfig,
  ...[prediction, target, weight]: [tf.Tensor, tf.Tensor, tf.Tensor]
): tf.Scalar {
  const byChannel = (tensor: tf.Tensor) => tf.reshape(tensor, [-1, patchLength]); // [S, V, channels * P] -> [S * V * channels, P]
  return spectralLoss(byChannel(prediction), byChannel(target), byChannel(weight));
}

/** First and second views, `[2S, V, D] -> [S, V, D]` twice. */
function halves(tokens: tf.Tensor3D): [tf.Tensor3D, tf.Tensor3D] {
  const [both, count, width] = tokens.shape;
  const half = (start: number) => tf.slice(tokens, [start, 0, 0], [both / 2, count, width]); // [2S, V, D] -> [S, V, D]
  return [half(0), half(both / 2)];
}

/** Mean over the tokens of a series, all its channels together: `[S, V, D] -> [S / channels, D]`. */
function meanOfSeries(tokens: tf.Tensor3D, channels: number): tf.Tensor2D {
  const [series, count, width] = tokens.shape;
  const together = tf.reshape(tokens, [series / channels, channels * count, width]); // [S, V, D] -> [B, channels * V, D]
  return tf.mean(together, 1);
}
