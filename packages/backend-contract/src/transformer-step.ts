import type { Signature, Step } from '@patchbert/backend';
import {
  float32Tensor,
  gelu,
  type HostTensors,
  int32Tensor,
  keyBiasFromMask,
  layerNorm,
  linear,
  scaledDotProductAttention,
  type Tensors,
  takeTokens,
  weightedMeanSquaredError,
} from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { pseudoRandom } from './fixtures.ts';

const SERIES = 3;
const TOKENS = 5;
const KEPT = 3;
const WIDTH = 8;
const HEADS = 2;

const parameterShapes: Readonly<Record<string, readonly number[]>> = {
  scale: [WIDTH],
  offset: [WIDTH],
  query: [WIDTH, WIDTH],
  key: [WIDTH, WIDTH],
  value: [WIDTH, WIDTH],
  expand: [2 * WIDTH, WIDTH],
  expandBias: [2 * WIDTH],
  contract: [WIDTH, 2 * WIDTH],
};

/** One pre-norm transformer block over visible tokens with all the fused primitives, trained by plain descent. */
export const trainTransformer: Step = (state, batch) => {
  const names = Object.keys(parameterShapes);
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const parameters = Object.fromEntries(names.map((name, index) => [name, values[index]!]));
    return transformerLoss(parameters, batch);
  };
  const parameters = names.map((name) => state[name]!);
  const { value, grads } = tf.valueAndGrads(loss)(parameters);
  const next = names.map((name, index) => [name, tf.sub(parameters[index]!, tf.mul(0.05, grads[index]!))]);
  return { state: Object.fromEntries(next), outputs: { loss: value } };
};

function transformerLoss(parameters: Tensors, batch: Tensors): tf.Scalar {
  const index = {
    visibleIndex: batch.visibleIndex!,
    restoreIndex: batch.restoreIndex!,
    masked: batch.masked!,
  };
  const visible = takeTokens(batch.tokens as tf.Tensor3D, index as Parameters<typeof takeTokens>[1]); // [S, N, D] -> [S, V, D]
  const normalised = layerNorm(
    visible,
    parameters.scale as tf.Tensor1D,
    parameters.offset as tf.Tensor1D,
    1e-5,
  );
  const [query, key, value] = ['query', 'key', 'value'].map((name) =>
    splitHeads(linear(normalised, parameters[name] as tf.Tensor2D)),
  );
  const bias = keyBiasFromMask(batch.keyMask as tf.Tensor2D);
  const { output } = scaledDotProductAttention(query!, key!, value!, bias);
  const attended = tf.reshape(tf.transpose(output, [0, 2, 1, 3]), [SERIES, KEPT, WIDTH]); // [S, H, V, dh] -> [S, V, D]
  const hidden = gelu(
    linear(attended, parameters.expand as tf.Tensor2D, parameters.expandBias as tf.Tensor1D),
  );
  const prediction = tf.add(visible, linear(hidden, parameters.contract as tf.Tensor2D));
  return weightedMeanSquaredError(prediction, batch.target!, batch.weight!);
}

function splitHeads(x: tf.Tensor): tf.Tensor4D {
  return tf.transpose(tf.reshape(x, [SERIES, KEPT, HEADS, WIDTH / HEADS]), [0, 2, 1, 3]); // [S, V, D] -> [S, H, V, dh]
}

/** A start state and a batch of the transformer step, with one token that must not be attended. */
export function transformerInputs(): { state: HostTensors; batch: HostTensors } {
  const state = Object.entries(parameterShapes).map(([name, shape], index) => [
    name,
    name === 'scale' ? float32Tensor(new Float32Array(WIDTH).fill(1)) : pseudoRandom(shape, index + 1, 0.4),
  ]);
  // Tokens 1 and 3 of each series are hidden.
  const visible = [0, 2, 4];
  const series = Array.from({ length: SERIES }, (_, s) => s);
  const batch: HostTensors = {
    tokens: pseudoRandom([SERIES, TOKENS, WIDTH], 50),
    target: pseudoRandom([SERIES, KEPT, WIDTH], 51),
    weight: float32Tensor(
      Float32Array.from({ length: SERIES * KEPT * WIDTH }, (_, i) => (i % 3 === 0 ? 0 : 1)),
      [SERIES, KEPT, WIDTH],
    ),
    keyMask: float32Tensor(Float32Array.of(1, 1, 1, 1, 0, 1, 1, 1, 1), [SERIES, KEPT]),
    visibleIndex: int32Tensor(
      Int32Array.from(series.flatMap((s) => visible.map((token) => s * TOKENS + token))),
    ),
    restoreIndex: int32Tensor(
      Int32Array.from(series.flatMap((s) => [0, 0, 1, 0, 2].map((position) => s * KEPT + position))),
    ),
    masked: float32Tensor(Float32Array.from(series.flatMap(() => [0, 1, 0, 1, 0])), [SERIES, TOKENS, 1]),
  };
  return { state: Object.fromEntries(state), batch };
}

/** The signature of the transformer step. */
export function transformerSignature(): Signature {
  const specs = (tensors: HostTensors) =>
    Object.fromEntries(Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]));
  const { state, batch } = transformerInputs();
  return { state: specs(state), batch: specs(batch) };
}
