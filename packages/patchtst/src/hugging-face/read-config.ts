import { didYouMean, PatchBertError, parseConfig, quote } from '@patchbert/errors';
import { type PatchTSTConfig, type PatchTSTTask, patchtstConfigSchema } from '../config/patchtst-config.ts';
import { architectures, type PatchTSTArchitecture, taskOf } from './architectures.ts';
import { ignoredKeys, refusedKeys, type UsedKeys, unreadKeys, usedKeysSchema } from './config-keys.ts';

/** How many unknown keys a message lists before it counts. */
const MOST_UNKNOWN = 20;

/** What may be said about a `config.json` beside it. */
export interface ReadConfigOptions {
  /** The class, for a `config.json` that names none. */
  readonly architecture?: PatchTSTArchitecture | undefined;
  /** Keys to ignore that are not known here. Keys that are refused stay refused. */
  readonly ignoreKeys?: readonly string[] | undefined;
}

/** A configuration, and what its reader should tell the user. */
export interface ReadConfig {
  readonly config: PatchTSTConfig;
  readonly warnings: readonly string[];
}

/**
 * Hugging Face's `config.json`, parsed, as a configuration of ours.
 *
 * @param where names the file in messages.
 * @throws PatchBertError `patchtst/wrong-model` for another type of model, `patchtst/unsupported-config` that names every key that is not
 * supported and why, `config/invalid` for values of the wrong kind.
 */
export function readHuggingFaceConfig(
  json: Readonly<Record<string, unknown>>,
  where: string,
  options: ReadConfigOptions = {},
): ReadConfig {
  const task = requireTask(json, where, options.architecture);
  const seen = { ...json, architectures: [architectures[task]] };
  refuseKeys(seen, where, options.ignoreKeys ?? []);
  const keys = parseConfig(usedKeysSchema, seen, where);
  const config = parseConfig(patchtstConfigSchema, ourConfig(task, keys), where);
  const warnings = Object.entries(unreadKeys)
    .filter(([key]) => Object.hasOwn(json, key))
    .map(([key, instead]) => `${where}: "${key}" is ignored, as Hugging Face ignores it: ${instead}.`);
  if (task === 'encode' && json.do_mask_input === true) {
    warnings.push(
      `${where}: "do_mask_input" is ignored: hidden states are those of whole series, nothing is masked.`,
    );
  }
  return { config, warnings };
}

function requireTask(
  { model_type: type, architectures: named }: Readonly<Record<string, unknown>>,
  where: string,
  given: string | undefined,
): PatchTSTTask {
  const known = Object.values(architectures).join(', ');
  if (type !== 'patchtst') {
    throw new PatchBertError(
      'patchtst/wrong-model',
      `${where}: this is a model of type ${quote(type)}; expected "patchtst".`,
    );
  }
  const names = given === undefined ? named : [given];
  const task = Array.isArray(names) && names.length === 1 ? taskOf(String(names[0])) : undefined;
  if (task !== undefined) return task;
  throw new PatchBertError(
    'patchtst/wrong-model',
    `${where}: architectures is ${quote(names)}; expected one of ${known}. Where the file names none, pass ` +
      'architecture.',
  );
}

function refuseKeys(
  json: Readonly<Record<string, unknown>>,
  where: string,
  alsoIgnored: readonly string[],
): void {
  const used = Object.keys(usedKeysSchema.shape);
  const problems: string[] = [];
  let unknown = 0;
  for (const [key, value] of Object.entries(json)) {
    const why = Object.hasOwn(refusedKeys, key) ? refusedKeys[key]!(value, json) : undefined;
    if (why !== undefined) problems.push(`${quote(key)}: ${why}`);
    const known =
      used.includes(key) ||
      ignoredKeys.has(key) ||
      Object.hasOwn(refusedKeys, key) ||
      Object.hasOwn(unreadKeys, key) ||
      alsoIgnored.includes(key);
    // Nearest keys are looked for a few times only: a hostile file may name a million.
    if (!known && ++unknown <= MOST_UNKNOWN) {
      problems.push(
        `${quote(key)} is not a known key.${didYouMean(key, used) || ' If it changes nothing, pass it in ignoreKeys.'}`,
      );
    }
  }
  if (problems.length === 0) return;
  const more = Math.max(0, unknown - MOST_UNKNOWN);
  const count = problems.length + more;
  if (more > 0) problems.push(`and ${more} more unknown keys`);
  throw new PatchBertError(
    'patchtst/unsupported-config',
    `${where}: ${count} of its keys cannot be used: ${problems.join('; ')}`,
  );
}

function ourConfig(task: PatchTSTTask, keys: UsedKeys): Record<keyof PatchTSTConfig, unknown> {
  const patches = keys.num_forecast_mask_patches ?? [2];
  return {
    task,
    channels: keys.num_input_channels,
    contextLength: keys.context_length,
    patchLength: keys.patch_length,
    patchStride: keys.patch_stride,
    width: keys.d_model,
    layers: keys.num_hidden_layers,
    heads: keys.num_attention_heads,
    feedForwardWidth: keys.ffn_dim,
    feedForwardBias: keys.bias,
    activation: keys.activation_function,
    norm: keys.norm_type === 'batchnorm' ? 'batch' : 'layer',
    normEpsilon: keys.norm_eps,
    normPlacement: keys.pre_norm ? 'pre' : 'post',
    position: keys.positional_encoding_type === 'random' ? 'learned' : 'sincos',
    classToken: keys.use_cls_token,
    channelAttention: keys.channel_attention,
    embedding: keys.share_embedding ? 'shared' : 'per-channel',
    scaling: scalingOf(keys.scaling),
    pooling: keys.pooling_type ?? 'none',
    masking: {
      kind: keys.mask_type,
      ratio: keys.random_mask_ratio,
      patches: typeof patches === 'number' ? [patches] : patches,
      channelConsistent: keys.channel_consistent_masking ?? false,
      unmaskedChannels: keys.unmasked_channel_indices ?? [],
      value: keys.mask_value,
    },
    dropout: {
      attention: keys.attention_dropout,
      position: keys.positional_dropout,
      path: keys.path_dropout,
      feedForward: keys.ff_dropout,
      head: keys.head_dropout,
    },
    horizon: keys.prediction_length,
    targets: keys.num_targets,
    outputRange: keys.output_range ?? undefined,
  };
}

/** `true` means `mean`, as there. */
function scalingOf(scaling: UsedKeys['scaling']): PatchTSTConfig['scaling'] {
  if (scaling === true) return 'mean';
  return scaling === false || scaling === null ? 'none' : scaling;
}
