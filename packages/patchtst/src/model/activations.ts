import { gelu } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

type Activation = (x: tf.Tensor2D) => tf.Tensor2D;

/** `x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2`. */
const geluTanh: Activation = (x) => {
  const cubic = tf.mul(tf.mul(tf.mul(x, x), x), 0.044715);
  const bend = tf.tanh(tf.mul(tf.add(x, cubic), Math.sqrt(2 / Math.PI)));
  return tf.mul(tf.mul(x, 0.5), tf.add(bend, 1));
};
const silu: Activation = (x) => tf.mul(x, tf.sigmoid(x));
const relu: Activation = (x) => tf.relu(x);
/** `min(relu(x), 6)`, with the gradient 0 beyond 6. */
const relu6: Activation = (x) => tf.clipByValue(x, 0, 6);

/**
 * What stands between the two layers of a feed-forward, by Hugging Face's names. Left out are those that its PatchTST cannot be
 * built with (`gelu_10`, `gelu_python`, `gelu_python_tanh`) and those with weights of their own (`prelu`, `xielu`).
 */
const activations = {
  gelu,
  gelu_new: geluTanh,
  gelu_fast: geluTanh,
  gelu_accurate: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  quick_gelu: (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702))),
  relu,
  relu2: (x) => tf.square(tf.relu(x)),
  relu6,
  leaky_relu: (x) => tf.sub(tf.relu(x), tf.mul(tf.relu(tf.neg(x)), 0.01)),
  silu,
  swish: silu,
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  hardswish: (x) => tf.mul(x, tf.div(relu6(tf.add(x, 3)), 6)),
  laplace: (x) => tf.mul(tf.add(tf.erf(tf.div(tf.sub(x, Math.SQRT1_2), 0.282095 * Math.SQRT2)), 1), 0.5),
  sqrtsoftplus: (x) => tf.sqrt(tf.softplus(x)),
  linear: (x) => x,
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
} as const satisfies Readonly<Record<string, Activation>>;

type ActivationName = keyof typeof activations;

/** Names that `activation` of a configuration may have. */
export const activationNames = Object.keys(activations) as [ActivationName, ...ActivationName[]];

/** The named activation, element by element. */
export function activate(x: tf.Tensor2D, name: ActivationName): tf.Tensor2D {
  return (activations[name] as Activation)(x);
}
