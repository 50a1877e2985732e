import { type EncoderConfig, encodeLevels, encoderConfigSchema } from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { type HostTensors, type Tensors, weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { expectGradient, expectValues, goldenFolders, goldenJson, goldenTensors } from './golden.ts';

/** PatchTST with layer norms, one embedding and no cls token: what our encoder is made of too. */
const models = goldenFolders('patchtst-forecast', 'patchtst-pretrain').filter((name) => {
  const config = goldenJson(name, 'config.json');
  return config.norm_type === 'layernorm' && config.share_embedding === true && !config.use_cls_token;
});

describe('the float64 reference agrees with Hugging Face PatchTST', () => {
  it('in several models', () => {
    expect(models.length).toBeGreaterThanOrEqual(3);
  });

  it.each(models)('%s: predictions, loss and the gradient of every parameter', async (name) => {
    const weights = goldenTensors(name, 'weights.safetensors');
    const io = goldenTensors(name, 'io.safetensors');
    const grads = goldenTensors(name, 'grads.safetensors');
    const model = modelOf(name, io);
    const batch = prefixed(
      'io.',
      io,
      Object.keys(io).filter((key) => io[key]!.dtype === 'float32'),
    );
    const outputs = await evaluate((given) => lossAndGradients(model, given), {
      ...prefixed('weight.', weights, Object.keys(weights)),
      ...batch,
    });
    expectValues(outputs.prediction, io.prediction_outputs ?? io.prediction_output, 'prediction');
    expectValues(outputs.loss, io.loss, 'loss');
    for (const [parameter, gradient] of Object.entries(grads)) {
      expectGradient(outputs[`gradient.${parameter}`], gradient, `${name}: gradient of ${parameter}`);
    }
  });
});

interface Model {
  readonly config: EncoderConfig;
  readonly pretraining: boolean;
  readonly pooling: unknown;
}

function modelOf(name: string, io: HostTensors): Model {
  const theirs = goldenJson(name, 'config.json');
  const [, , patchCount, patchLength] = io.patch_input!.shape;
  const config = parseConfig(
    encoderConfigSchema,
    {
      patchLength,
      patchCount,
      width: theirs.d_model,
      layers: theirs.num_hidden_layers,
      heads: theirs.num_attention_heads,
      feedForwardWidth: theirs.ffn_dim,
      normPlacement: theirs.pre_norm ? 'pre' : 'post',
      activation: theirs.activation_function,
      normEpsilon: theirs.norm_eps,
    },
    name,
  );
  return { config, pretraining: name.startsWith('patchtst-pretrain'), pooling: theirs.pooling_type };
}

/** Loss, prediction and gradients by their names. */
function lossAndGradients(model: Model, given: Tensors): Tensors {
  const theirs = Object.keys(given).filter((key) => key.startsWith('weight.'));
  const io = (key: string) => given[`io.${key}`]!;
  const forward = (weights: Tensors) => (model.pretraining ? reconstruction : forecast)(model, weights, io);
  const named = (tensors: readonly tf.Tensor[]): Tensors =>
    Object.fromEntries(theirs.map((key, i) => [key.slice('weight.'.length), tensors[i]!]));
  const at = theirs.map((key) => given[key]!);
  const slopes = tf.grads((...tensors: tf.Tensor[]) => forward(named(tensors)).loss)(at);
  return {
    ...forward(named(at)),
    ...Object.fromEntries(theirs.map((key, i) => [`gradient.${key.slice('weight.'.length)}`, slopes[i]!])),
  };
}

type Io = (key: string) => tf.Tensor;

function forecast(model: Model, weights: Tensors, io: Io) {
  const [batch, channels] = io('patch_input').shape as [number, number];
  const tokens = encode(model, weights, io('patch_input'));
  const pooled = model.pooling === 'max' ? tf.max(tokens, 1) : tf.mean(tokens, 1); // [S, N, D] -> [S, D]
  const steps = affine(pooled, weights['head.projection.weight']!, weights['head.projection.bias']!);
  const byChannel = tf.transpose(tf.reshape(steps, [batch, channels, -1]), [0, 2, 1]); // [S, H] -> [B, H, C]
  const prediction = tf.add(tf.mul(byChannel, io('scale')), io('loc'));
  return { prediction, loss: tf.mean(tf.square(tf.sub(prediction, io('future_values')))) as tf.Scalar };
}

function reconstruction(model: Model, weights: Tensors, io: Io) {
  const tokens = encode(model, weights, io('masked_input'));
  const points = affine(tokens, weights['head.linear.weight']!, weights['head.linear.bias']!);
  const prediction = tf.reshape(points, io('patch_input').shape); // [S, N, P] -> [B, C, N, P]
  const weight = tf.expandDims(io('mask'), -1); // [B, C, N] -> [B, C, N, 1]
  return { prediction, loss: weightedMeanSquaredError(prediction, io('patch_input'), weight) };
}

/** Their encoder by our blocks; they have no norm after the last one. */
function encode({ config }: Model, weights: Tensors, input: tf.Tensor): tf.Tensor {
  const patches = tf.reshape(input, [-1, config.patchCount, config.patchLength]) as tf.Tensor3D; // [B, C, N, P] -> [S, N, P]
  return encodeLevels(ourNames(weights, config), config, { patches }).blocks.at(-1)!;
}

function affine(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  const rows = tf.reshape(x, [-1, weight.shape[1]!]); // [..., I] -> [M, I]
  return tf.reshape(tf.add(tf.matMul(rows, weight, false, true), bias), [
    ...x.shape.slice(0, -1),
    weight.shape[0]!,
  ]);
}

const projections = { query: 'q', key: 'k', value: 'v', output: 'out' };
const norms = { attentionNorm: 1, feedForwardNorm: 3 };

function ourNames(weights: Tensors, { layers, width }: EncoderConfig): Tensors {
  const theirs = (name: string) => weights[`model.encoder.${name}`]!;
  const named: Record<string, tf.Tensor> = {
    'encoder.embedding.weight': theirs('embedder.input_embedding.weight'),
    'encoder.embedding.bias': theirs('embedder.input_embedding.bias'),
    'encoder.position': theirs('positional_encoder.position_enc'),
    'encoder.norm.scale': tf.ones([width]),
    'encoder.norm.offset': tf.zeros([width]),
  };
  for (let i = 0; i < layers; i++) {
    const layer = `encoder.layers.${i}`;
    for (const kind of ['weight', 'bias']) {
      for (const [our, their] of Object.entries(projections)) {
        named[`${layer}.attention.${our}.${kind}`] = theirs(`layers.${i}.self_attn.${their}_proj.${kind}`);
      }
      named[`${layer}.feedForward.expand.${kind}`] = theirs(`layers.${i}.ff.0.${kind}`);
      named[`${layer}.feedForward.contract.${kind}`] = theirs(`layers.${i}.ff.3.${kind}`);
    }
    for (const [our, their] of Object.entries(norms)) {
      named[`${layer}.${our}.scale`] = theirs(`layers.${i}.norm_sublayer${their}.weight`);
      named[`${layer}.${our}.offset`] = theirs(`layers.${i}.norm_sublayer${their}.bias`);
    }
  }
  return named;
}

function prefixed(prefix: string, tensors: HostTensors, names: readonly string[]): HostTensors {
  return Object.fromEntries(names.map((name) => [prefix + name, tensors[name]!]));
}
