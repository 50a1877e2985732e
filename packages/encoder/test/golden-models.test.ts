import { type EncoderConfig, encodePatches, encoderConfigSchema } from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { layerNorm, type Tensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  expectValues,
  type GoldenTensors,
  goldenFolders,
  goldenJson,
  goldenTensors,
} from './golden-folder.ts';

/**
 * PatchTST models of layer norms, one embedding, no cls token and no attention between channels: our encoder's kind. Package
 * `patchtst` runs all kinds.
 */
const models = goldenFolders().filter((name) => {
  const config = goldenJson(name, 'config.json');
  return (
    config.model_type === 'patchtst' &&
    !(config.architectures as string[]).includes('PatchTSTModel') &&
    config.norm_type === 'layernorm' &&
    config.share_embedding === true &&
    !config.use_cls_token &&
    !config.channel_attention &&
    encoderConfigSchema.shape.activation.safeParse(config.activation_function).success
  );
});

describe('encodePatches equals Hugging Face PatchTST', () => {
  it('on at least one model', () => {
    expect(models.length).toBeGreaterThan(0);
  });

  it.each(models)('%s', async (name) => {
    const theirs = goldenJson(name, 'config.json');
    const weights = goldenTensors(name, 'weights.safetensors');
    const io = goldenTensors(name, 'io.safetensors');
    const input = io.get<tf.Tensor4D>(io.has('masked_input') ? 'masked_input' : 'patch_input');
    const [batch, channels, patchCount, patchLength] = input.shape;
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
    const patches = tf.reshape(input, [batch * channels, patchCount, patchLength]) as tf.Tensor3D; // [B, C, N, P] -> [S, N, P]
    const encoded = encodePatches(translate(weights, config), config, { patches });
    const hidden = io.get('last_hidden_state');
    // PatchTST has no norm after pre-norm blocks; ours, at rest, is a plain normalisation of the same tokens.
    const rest = [tf.ones([config.width]), tf.zeros([config.width])] as const;
    const expected = config.normPlacement === 'pre' ? layerNorm(hidden, ...rest, config.normEpsilon) : hidden;
    await expectValues(encoded, expected, name);
  });
});

/** Their names to ours; feed-forward biases that a model lacks are 0. */
function translate(weights: GoldenTensors, { layers, width, feedForwardWidth }: EncoderConfig): Tensors {
  const encoder = 'model.encoder';
  const tensors: Record<string, tf.Tensor> = {
    'encoder.embedding.weight': weights.get(`${encoder}.embedder.input_embedding.weight`),
    'encoder.embedding.bias': weights.get(`${encoder}.embedder.input_embedding.bias`),
    'encoder.position': weights.get(`${encoder}.positional_encoder.position_enc`),
    'encoder.norm.scale': tf.ones([width]),
    'encoder.norm.offset': tf.zeros([width]),
  };
  const copy = (ours: string, theirs: string, size: number) => {
    tensors[ours] = weights.has(theirs) ? weights.get(theirs) : tf.zeros([size]);
  };
  for (let i = 0; i < layers; i++) {
    const [ours, theirs] = [`encoder.layers.${i}`, `${encoder}.layers.${i}`];
    for (const [our, their] of [
      ['query', 'q'],
      ['key', 'k'],
      ['value', 'v'],
      ['output', 'out'],
    ]) {
      copy(`${ours}.attention.${our}.weight`, `${theirs}.self_attn.${their}_proj.weight`, width);
      copy(`${ours}.attention.${our}.bias`, `${theirs}.self_attn.${their}_proj.bias`, width);
    }
    for (const [our, their] of [
      ['attentionNorm', 1],
      ['feedForwardNorm', 3],
    ]) {
      copy(`${ours}.${our}.scale`, `${theirs}.norm_sublayer${their}.weight`, width);
      copy(`${ours}.${our}.offset`, `${theirs}.norm_sublayer${their}.bias`, width);
    }
    copy(`${ours}.feedForward.expand.weight`, `${theirs}.ff.0.weight`, width);
    copy(`${ours}.feedForward.expand.bias`, `${theirs}.ff.0.bias`, feedForwardWidth);
    copy(`${ours}.feedForward.contract.weight`, `${theirs}.ff.3.weight`, width);
    copy(`${ours}.feedForward.contract.bias`, `${theirs}.ff.3.bias`, width);
  }
  return tensors;
}
