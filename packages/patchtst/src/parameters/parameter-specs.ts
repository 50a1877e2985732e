import type { TensorSpec } from '@patchbert/ops';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { headInputWidth, headOutputWidth, tokenCount } from '../config/token-layout.ts';

/** A tensor of a model, and who changes it. */
export interface PatchTSTParameterSpec extends TensorSpec {
  /** `learned` by the optimiser, `measured` by the training step (running statistics), or `fixed`. */
  readonly role: 'learned' | 'measured' | 'fixed';
}

type Specs = Readonly<Record<string, PatchTSTParameterSpec>>;

/**
 * Names, shapes, types and roles of every tensor of a model. Names are those of our encoder, so layer-wise rates, freezing and weight
 * decay go by them as usual: `encoder.layers.0.attention.query.weight`, `head.weight`. Linear weights are `[out, in]`.
 *
 * A batch norm has `scale`, `offset`, `runningMean`, `runningVariance` and `batchCount`; a layer norm `scale` and `offset`.
 *
 * @example
 * Object.keys(patchtstParameterSpecs(config)); // ['encoder.embedding.weight', ...]
 */
export function patchtstParameterSpecs(config: PatchTSTConfig): Specs {
  const { width, layers, channels, patchLength, classToken, position } = config;
  const specs: Record<string, PatchTSTParameterSpec> = {};
  const embeddings =
    config.embedding === 'shared'
      ? ['encoder.embedding']
      : Array.from({ length: channels }, (_, channel) => `encoder.embedding.${channel}`);
  for (const name of embeddings) Object.assign(specs, linear(name, patchLength, width));
  specs['encoder.position'] = {
    ...learned([tokenCount(config), width]),
    ...(position === 'sincos' && { role: 'fixed' }),
  };
  if (classToken) specs['encoder.classToken'] = learned([width]);
  for (let layer = 0; layer < layers; layer++) {
    Object.assign(specs, layerSpecs(`encoder.layers.${layer}`, config));
  }
  const outputs = headOutputWidth(config);
  if (outputs > 0) Object.assign(specs, linear('head', headInputWidth(config), outputs));
  return specs;
}

/**
 * Names of the tensors that training changes by gradient: what `trainingStep` is given.
 *
 * @example
 * const step = trainingStep(patchtstObjective(config), adamW(), learnedParameters(config));
 */
export function learnedParameters(config: PatchTSTConfig): string[] {
  return Object.entries(patchtstParameterSpecs(config))
    .filter(([, { role }]) => role === 'learned')
    .map(([name]) => name);
}

function layerSpecs(name: string, config: PatchTSTConfig): Specs {
  const { width, feedForwardWidth, feedForwardBias, channelAttention } = config;
  const norms = ['attentionNorm', ...(channelAttention ? ['channelNorm'] : []), 'feedForwardNorm'];
  return {
    ...linear(`${name}.attention.query`, width, width),
    ...linear(`${name}.attention.key`, width, width),
    ...linear(`${name}.attention.value`, width, width),
    ...linear(`${name}.attention.output`, width, width),
    ...linear(`${name}.feedForward.expand`, width, feedForwardWidth, feedForwardBias),
    ...linear(`${name}.feedForward.contract`, feedForwardWidth, width, feedForwardBias),
    ...Object.assign({}, ...norms.map((norm) => normSpecs(`${name}.${norm}`, config))),
  };
}

function normSpecs(name: string, { norm, width }: PatchTSTConfig): Specs {
  return {
    [`${name}.scale`]: learned([width]),
    [`${name}.offset`]: learned([width]),
    ...(norm === 'batch' && {
      [`${name}.runningMean`]: { ...learned([width]), role: 'measured' },
      [`${name}.runningVariance`]: { ...learned([width]), role: 'measured' },
      [`${name}.batchCount`]: { shape: [], dtype: 'int32', role: 'measured' },
    }),
  };
}

function linear(name: string, inputs: number, outputs: number, bias = true): Specs {
  return {
    [`${name}.weight`]: learned([outputs, inputs]),
    ...(bias && { [`${name}.bias`]: learned([outputs]) }),
  };
}

function learned(shape: readonly number[]): PatchTSTParameterSpec {
  return { shape, dtype: 'float32', role: 'learned' };
}
