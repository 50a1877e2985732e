import { elementCount, type TensorSpec } from '@patchbert/ops';
import { type EncoderConfig, patchWidth } from '../config/encoder-config.ts';
import { decoderStack, type MaskedAutoencoderConfig } from '../config/masked-autoencoder-config.ts';

type Specs = Readonly<Record<string, TensorSpec>>;

/**
 * Names, shapes and types of every parameter of a masked autoencoder. Linear weights are `[out, in]`, as in PyTorch.
 *
 * @example
 * Object.keys(parameterSpecs(config)); // ['encoder.embedding.weight', 'encoder.embedding.bias', ...]
 */
export function parameterSpecs(config: MaskedAutoencoderConfig): Specs {
  const { encoder, decoder, corruption } = config;
  const replacesByToken = corruption === 'token' || corruption === 'bert';
  return {
    ...encoderParameterSpecs(encoder),
    ...(replacesByToken && { 'encoder.maskToken': vector(encoder.width) }),
    ...(decoder && {
      ...linearSpecs('decoder.embedding', encoder.width, decoder.width),
      'decoder.maskToken': vector(decoder.width),
      ...stackSpecs('decoder', decoderStack(config, decoder)),
    }),
    ...linearSpecs('head', decoder?.width ?? encoder.width, patchWidth(encoder)),
  };
}

/** The parameters that `encodePatches` needs, a subset of `parameterSpecs`; those of a downstream task. */
export function encoderParameterSpecs(config: EncoderConfig): Specs {
  return {
    ...linearSpecs('encoder.embedding', patchWidth(config), config.width),
    ...(config.classToken && { 'encoder.classToken': vector(config.width) }),
    ...stackSpecs('encoder', config),
  };
}

/** Number of trainable numbers of a masked autoencoder. */
export function parameterCount(config: MaskedAutoencoderConfig): number {
  return sumOfElements(parameterSpecs(config));
}

export function sumOfElements(specs: Specs): number {
  return Object.values(specs).reduce((sum, { shape }) => sum + elementCount(shape), 0);
}

/** Positions, blocks and final norm: what encoder and decoder have in common. */
function stackSpecs(prefix: string, config: EncoderConfig): Specs {
  const { width, feedForwardWidth, patchCount } = config;
  const specs: Record<string, TensorSpec> = {};
  if (config.position === 'learned') specs[`${prefix}.position`] = matrix(patchCount, width);
  for (let layer = 0; layer < config.layers; layer++) {
    const block = `${prefix}.layers.${layer}`;
    Object.assign(specs, normSpecs(`${block}.attentionNorm`, width));
    for (const projection of ['query', 'key', 'value', 'output']) {
      Object.assign(specs, linearSpecs(`${block}.attention.${projection}`, width, width));
    }
    Object.assign(specs, normSpecs(`${block}.feedForwardNorm`, width));
    Object.assign(specs, linearSpecs(`${block}.feedForward.expand`, width, feedForwardWidth));
    Object.assign(specs, linearSpecs(`${block}.feedForward.contract`, feedForwardWidth, width));
  }
  if (config.normPlacement === 'pre') Object.assign(specs, normSpecs(`${prefix}.norm`, width));
  return specs;
}

function linearSpecs(name: string, inputs: number, outputs: number): Specs {
  return { [`${name}.weight`]: matrix(outputs, inputs), [`${name}.bias`]: vector(outputs) };
}

function normSpecs(name: string, width: number): Specs {
  return { [`${name}.scale`]: vector(width), [`${name}.offset`]: vector(width) };
}

function matrix(rows: number, columns: number): TensorSpec {
  return { shape: [rows, columns], dtype: 'float32' };
}

function vector(length: number): TensorSpec {
  return { shape: [length], dtype: 'float32' };
}
