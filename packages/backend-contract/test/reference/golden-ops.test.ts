import {
  batchNormalise,
  crossEntropy,
  gelu,
  instanceAffine,
  instanceNormalise,
  keyBiasFromMask,
  layerNorm,
  linear,
  pinballLoss,
  scaledDotProductAttention,
  softTargets,
  type Tensors,
  weightedMeanSquaredError,
} from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { below, expectGradient, expectValues, goldenJson, goldenTensors } from './golden.ts';

interface OpCase {
  readonly what: string;
  /** Fixture file and the prefix of the case in it. */
  readonly file: string;
  readonly prefix: string;
  readonly inputs: readonly string[];
  /** Name of the expected output, of the expected gradients and of the upstream, which a loss has none of. */
  readonly output: string;
  readonly gradient?: string;
  readonly upstream?: string;
  readonly compute: (x: Tensors, given: Tensors) => tf.Tensor;
}

type Settings = readonly { readonly eps: number; readonly tag: string }[];
const config = goldenJson<{
  layer_norm: Settings;
  batch_norm: Settings;
  revin: { axis: number; eps: number };
}>('ops', 'config.json');
const revin = { axis: config.revin.axis, epsilon: config.revin.eps };
const quantiles = [...goldenTensors('ops', 'losses.safetensors')['pinball.quantiles']!.data];
const labels = goldenTensors('ops', 'losses.safetensors')['cross_entropy.labels']!.data as Int32Array;

const cases: readonly OpCase[] = [
  ...config.layer_norm.map(
    ({ eps, tag }): OpCase => ({
      ...{
        what: `layer norm ${tag}`,
        file: 'layer_norm',
        prefix: `${tag}.`,
        output: 'y',
        upstream: 'upstream',
      },
      inputs: ['x', 'weight', 'bias'],
      compute: ({ x, weight, bias }) => layerNorm(x!, weight!, bias!, eps),
    }),
  ),
  ...config.batch_norm.map(
    ({ eps, tag }): OpCase => ({
      ...{ what: `batch norm ${tag}`, file: 'batch_norm', prefix: `${tag}.`, output: 'train.y' },
      ...{ gradient: 'train.grad.', upstream: 'upstream' },
      inputs: ['x', 'weight', 'bias'],
      compute: ({ x, weight, bias }) => batchNormalise(x!, eps, { scale: weight!, offset: bias! }),
    }),
  ),
  ...['gelu', 'relu', 'softmax'].map(
    (name): OpCase => ({
      ...{ what: name, file: 'activations', prefix: '', inputs: ['x'], output: `${name}.y` },
      ...{ gradient: `${name}.grad.`, upstream: 'upstream' },
      compute: ({ x }) => ({ gelu, relu: tf.relu, softmax: tf.softmax })[name]!(x!),
    }),
  ),
  {
    ...{ what: 'linear', file: 'linear', prefix: '', output: 'y', upstream: 'upstream' },
    inputs: ['x', 'weight', 'bias'],
    compute: ({ x, weight, bias }) => linear(x!, weight!, bias),
  },
  ...['nomask', 'masked'].map(
    (mode): OpCase => ({
      ...{ what: `attention ${mode}`, file: 'sdpa', prefix: '', output: `${mode}.out` },
      ...{ gradient: `${mode}.grad.`, upstream: 'upstream' },
      inputs: ['q', 'k', 'v'],
      compute: ({ q, k, v }, { key_mask: mask }) => {
        const bias = mode === 'masked' ? keyBiasFromMask(mask!) : undefined;
        return scaledDotProductAttention(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D, bias).output;
      },
    }),
  ),
  ...['plain', 'observed'].map(
    (mode): OpCase => ({
      ...{ what: `instance normalisation ${mode}`, file: 'revin', prefix: '', output: `${mode}.affine_y` },
      ...{ gradient: `${mode}.affine_y.grad.`, upstream: 'upstream' },
      inputs: ['x', 'weight', 'bias'],
      compute: ({ x, weight, bias }, { observed }) => {
        const options = mode === 'observed' ? { ...revin, observed: observed! } : revin;
        return instanceAffine(instanceNormalise(x!, options).normalised, weight!, bias!);
      },
    }),
  ),
  {
    ...{
      what: 'masked squared error',
      file: 'losses',
      prefix: 'masked_mse.',
      inputs: ['pred'],
      output: 'loss',
    },
    compute: ({ pred }, { target, mask }) =>
      weightedMeanSquaredError(pred!, target!, tf.expandDims(mask!, -1)),
  },
  {
    ...{ what: 'pinball loss', file: 'losses', prefix: 'pinball.', inputs: ['pred'], output: 'loss' },
    compute: ({ pred }, { target }) => pinballLoss(pred!, target!, tf.onesLike(target!), quantiles),
  },
  {
    ...{
      what: 'cross-entropy',
      file: 'losses',
      prefix: 'cross_entropy.',
      inputs: ['logits'],
      output: 'loss',
    },
    compute: ({ logits }) => {
      const [series, classes] = logits!.shape as [number, number];
      const target = tf.tensor2d(softTargets(labels, classes), [series, classes]);
      return crossEntropy(logits!, target, tf.ones([series]));
    },
  },
];

describe('the float64 reference agrees with PyTorch in values and gradients of', () => {
  it.each(cases.map((one) => [one.what, one] as const))('%s', async (_, one) => {
    const golden = below(one.prefix, goldenTensors('ops', `${one.file}.safetensors`));
    const outputs = await evaluate((given) => valueAndGradients(one, given), golden);
    expectValues(outputs.value, golden[one.output], one.output);
    for (const name of one.inputs) {
      expectGradient(
        outputs[`gradient.${name}`],
        golden[`${one.gradient ?? 'grad.'}${name}`],
        `gradient of ${name}`,
      );
    }
  });
});

function valueAndGradients({ inputs, compute, upstream }: OpCase, given: Tensors): Tensors {
  const named = (tensors: readonly tf.Tensor[]) =>
    Object.fromEntries(inputs.map((name, i) => [name, tensors[i]!]));
  const f = (...tensors: tf.Tensor[]) => compute(named(tensors), given);
  const at = inputs.map((name) => given[name]!);
  const slopes = tf.grads(f)(at, upstream === undefined ? undefined : given[upstream]!);
  return {
    value: f(...at),
    ...Object.fromEntries(inputs.map((name, i) => [`gradient.${name}`, slopes[i]!])),
  };
}
