import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import type { PatchTSTModel } from '../model/patchtst-model.ts';
import { architectures } from './architectures.ts';

/** Keys that Hugging Face takes as a float alone: there, 1 is none and 1.0 is one. */
const WHOLE_FLOATS = /^( {2}"(?:norm_eps|random_mask_ratio|init_std)": -?\d+)(,?)$/gm;

/**
 * The text of a model's `config.json`: every key of PatchTST, and what the one it was read from says besides. Weights are written in
 * float32, whatever they were read in.
 */
export function huggingFaceConfigText({ config, huggingFace }: PatchTSTModel): string {
  const { torch_dtype: _, ...kept } = huggingFace;
  const keys = {
    ...kept,
    ...patchtstKeys(config),
    architectures: [architectures[config.task]],
    dtype: 'float32',
    model_type: 'patchtst',
  };
  return `${JSON.stringify(keys, undefined, 2)}\n`.replace(WHOLE_FLOATS, '$1.0$2');
}

function patchtstKeys(config: PatchTSTConfig): Record<string, unknown> {
  const { masking, dropout } = config;
  return {
    activation_function: config.activation,
    attention_dropout: dropout.attention,
    bias: config.feedForwardBias,
    channel_attention: config.channelAttention,
    channel_consistent_masking: masking.channelConsistent,
    context_length: config.contextLength,
    d_model: config.width,
    do_mask_input: config.task === 'pretrain',
    ff_dropout: dropout.feedForward,
    ffn_dim: config.feedForwardWidth,
    head_dropout: dropout.head,
    loss: 'mse',
    mask_type: masking.kind,
    mask_value: masking.value,
    norm_eps: config.normEpsilon,
    norm_type: config.norm === 'batch' ? 'batchnorm' : 'layernorm',
    num_attention_heads: config.heads,
    num_forecast_mask_patches: masking.patches,
    num_hidden_layers: config.layers,
    num_input_channels: config.channels,
    num_targets: config.targets,
    output_range: config.outputRange ?? null,
    patch_length: config.patchLength,
    patch_stride: config.patchStride,
    path_dropout: dropout.path,
    pooling_type: config.pooling === 'none' ? null : config.pooling,
    positional_dropout: dropout.position,
    positional_encoding_type: config.position === 'learned' ? 'random' : 'sincos',
    pre_norm: config.normPlacement === 'pre',
    prediction_length: config.horizon,
    random_mask_ratio: masking.ratio,
    scaling: config.scaling === 'none' ? null : config.scaling,
    share_embedding: config.embedding === 'shared',
    share_projection: true,
    unmasked_channel_indices: masking.unmaskedChannels.length === 0 ? null : masking.unmaskedChannels,
    use_cls_token: config.classToken,
  };
}
