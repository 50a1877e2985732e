import { quote } from '@patchbert/errors';
import { z } from 'zod';
import { activationNames } from '../model/activations.ts';

const size = z.int().min(1);
const rate = z.number().min(0).lt(1).default(0);
const flag = (start: boolean) => z.boolean().default(start);

/** The keys of `config.json` that decide what a model computes, with Hugging Face's defaults for those left out. */
export const usedKeysSchema = z.object({
  num_input_channels: size.default(1),
  context_length: size.default(32),
  patch_length: size.default(1),
  patch_stride: size.default(1),
  num_hidden_layers: size.default(3),
  d_model: size.default(128),
  num_attention_heads: size.default(4),
  ffn_dim: size.default(512),
  share_embedding: flag(true),
  channel_attention: flag(false),
  norm_type: z.enum(['batchnorm', 'layernorm']).default('batchnorm'),
  norm_eps: z.number().min(0).default(1e-5),
  bias: flag(true),
  activation_function: z.enum(activationNames).default('gelu'),
  pre_norm: flag(true),
  positional_encoding_type: z.enum(['sincos', 'random']).default('sincos'),
  use_cls_token: flag(false),
  attention_dropout: rate,
  positional_dropout: rate,
  path_dropout: rate,
  ff_dropout: rate,
  head_dropout: rate,
  scaling: z.union([z.enum(['std', 'mean']), z.boolean(), z.null()]).default('std'),
  mask_type: z.enum(['random', 'forecast']).default('random'),
  random_mask_ratio: z.number().min(0).lt(1).default(0.5),
  num_forecast_mask_patches: z.union([size, z.array(size).min(1), z.null()]).default([2]),
  channel_consistent_masking: z.boolean().nullable().default(false),
  unmasked_channel_indices: z.array(z.int()).nullable().default(null),
  mask_value: z.int().default(0),
  pooling_type: z.enum(['mean', 'max']).nullable().default('mean'),
  prediction_length: size.default(24),
  num_targets: size.default(1),
  output_range: z.tuple([z.number(), z.number()]).nullable().default(null),
});

/** Parsed `usedKeysSchema`. */
export type UsedKeys = z.output<typeof usedKeysSchema>;

/** Keys that change nothing a model computes: set-up, names, and what other kinds of models have. */
export const ignoredKeys: ReadonlySet<string> = new Set(
  `_attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash _name_or_path add_cross_attention
  architectures attn_implementation bad_words_ids begin_suppress_tokens bos_token_id chunk_size_feed_forward
  cross_attention_hidden_size decoder_start_token_id distribution_output diversity_penalty do_mask_input do_sample dtype
  early_stopping encoder_no_repeat_ngram_size eos_token_id exponential_decay_length_penalty finetuning_task forced_bos_token_id
  forced_eos_token_id id2label init_std is_decoder is_encoder_decoder label2id length_penalty loss max_length min_length model_type
  no_repeat_ngram_size num_beam_groups num_beams num_parallel_samples num_return_sequences output_attentions output_hidden_states
  output_scores pad_token_id prefix problem_type pruned_heads remove_invalid_values repetition_penalty return_dict
  return_dict_in_generate sep_token_id share_projection suppress_tokens task_specific_params temperature tf_legacy_loss
  tie_encoder_decoder tie_word_embeddings tokenizer_class top_k top_p torch_dtype torchscript transformers_version
  typical_p use_bfloat16 use_cache`.split(/\s+/),
);

/** Keys that Hugging Face's PatchTST does not read, though they look as if it did. */
export const unreadKeys: Readonly<Record<string, string>> = {
  stride: 'the stride is patch_stride',
  dropout: 'the rates are attention_dropout, positional_dropout, path_dropout, ff_dropout and head_dropout',
  seed_number: 'nothing is drawn from it',
};

type Json = Readonly<Record<string, unknown>>;

/** Keys that would change what is computed, in a way that is not built: why, or `undefined` where the value is harmless. */
export const refusedKeys: Readonly<Record<string, (value: unknown, config: Json) => string | undefined>> = {
  share_projection: (value, config) =>
    value === false && isOneOf(config, ['PatchTSTForPrediction'])
      ? 'a projection of its own for each channel cannot be run by Hugging Face either'
      : undefined,
  loss: (value, config) =>
    value !== 'mse' && isOneOf(config, ['PatchTSTForPrediction', 'PatchTSTForRegression'])
      ? `${quote(value)} trains a distribution head (${quote(config.distribution_output ?? 'student_t')}); only heads ` +
        'of loss "mse" are supported'
      : undefined,
  quantization_config: (value) =>
    value === null ? undefined : 'quantised weights are not supported; save the model in float32',
  auto_map: (value) => (value === null ? undefined : 'the model brings code of its own, which is never run'),
  scaling_dim: (value) => unless(value === 1, 'series are scaled along time, dimension 1'),
  keepdim: (value) => unless(value === true, 'location and scale keep the dimension of time'),
  minimum_scale: () =>
    'the floor of the scale is that of PatchTST, 1e-5 within the root or 1e-10 of the mean',
  default_scale: (value) =>
    unless(value === null, 'a series that was never observed takes the scale of its batch'),
  hidden_size: (value, config) =>
    unless(value === config.d_model, 'it is another name of d_model; write d_model'),
};

function unless(harmless: boolean, why: string): string | undefined {
  return harmless ? undefined : why;
}

function isOneOf({ architectures }: Json, names: readonly string[]): boolean {
  return Array.isArray(architectures) && architectures.some((name) => names.includes(name));
}
