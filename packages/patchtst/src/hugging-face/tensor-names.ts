import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { type PatchTSTParameterSpec, patchtstParameterSpecs } from '../parameters/parameter-specs.ts';

/** A tensor of a model under both its names. */
export interface NamedTensor {
  /** Ours: `encoder.layers.0.attention.query.weight`. */
  readonly name: string;
  /** Theirs: `model.encoder.layers.0.self_attn.q_proj.weight`. */
  readonly theirs: string;
  readonly theirShape: readonly number[];
  readonly spec: PatchTSTParameterSpec;
}

/** Every tensor of a model under both its names, in the order of `patchtstParameterSpecs`. */
export function tensorNames(config: PatchTSTConfig): readonly NamedTensor[] {
  return Object.entries(patchtstParameterSpecs(config)).map(([name, spec]) => ({
    name,
    theirs: huggingFaceName(config, name),
    theirShape: name === 'encoder.classToken' ? [1, 1, 1, config.width] : spec.shape,
    spec,
  }));
}

const PARTS: Readonly<Record<string, string>> = {
  'encoder.embedding': 'encoder.embedder.input_embedding',
  'encoder.position': 'encoder.positional_encoder.position_enc',
  'encoder.classToken': 'encoder.positional_encoder.cls_token',
  'attention.query': 'self_attn.q_proj',
  'attention.key': 'self_attn.k_proj',
  'attention.value': 'self_attn.v_proj',
  'attention.output': 'self_attn.out_proj',
  attentionNorm: 'norm_sublayer1',
  channelNorm: 'norm_sublayer2',
  feedForwardNorm: 'norm_sublayer3',
  'feedForward.expand': 'ff.0',
  'feedForward.contract': 'ff.3',
};

const NORM_PARTS: Readonly<Record<string, string>> = {
  scale: 'weight',
  offset: 'bias',
  runningMean: 'running_mean',
  runningVariance: 'running_var',
  batchCount: 'num_batches_tracked',
};

function huggingFaceName({ task, norm }: PatchTSTConfig, name: string): string {
  if (name.startsWith('head.')) {
    const projects = task === 'forecast' || task === 'regress';
    return name.replace('head.', projects ? 'head.projection.' : 'head.linear.');
  }
  const theirs = name
    .replace(/^encoder\.(embedding|position|classToken)/, replaced(PARTS))
    .replace(/(?<=\.)(attention|feedForward)\.(\w+)/, replaced(PARTS))
    .replace(/(?<=\.)\w+Norm(?=\.)/, replaced(PARTS))
    .replace(/(?<=norm_sublayer\d\.)\w+$/, replaced(NORM_PARTS))
    .replace(/(?<=norm_sublayer\d\.)/, norm === 'batch' ? 'batchnorm.' : '');
  return task === 'encode' ? theirs : `model.${theirs}`;
}

function replaced(parts: Readonly<Record<string, string>>): (part: string) => string {
  return (part) => parts[part] ?? part;
}
