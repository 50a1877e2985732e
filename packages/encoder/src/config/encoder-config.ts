import { z } from 'zod';

const size = z.int().min(1);
/** Deeper stacks are a typing error, and would exhaust memory before anything could say so. */
const MOST_LAYERS = 256;
/** 4 GB of weights; more is a typing error in a width. */
export const MOST_PARAMETERS = 1e9;

/**
 * The encoder's shape; strict, so that a misspelt key is an error.
 *
 * `inputChannels` rows of points are cut together, so that one token sees all of them (channel mixing); with 1, the default,
 * every channel is a series of its own. `classToken` puts a learned token before those of the patches (BERT, Devlin et al. 2019).
 * `width` is the length of a token, `feedForwardWidth` that of the hidden layer between two blocks' attentions.
 * `normPlacement` `pre` normalises the input of each sub-layer (and the output of the last block), `post` the sum of a
 * sub-layer's input and output. `dropout` acts on the embedding and on each sub-layer's output.
 *
 * @example
 * parseConfig(encoderConfigSchema, { patchLength: 12, patchCount: 42, width: 64, layers: 3, heads: 4, feedForwardWidth: 128 }, 'encoder');
 */
export const encoderConfigSchema = z
  .strictObject({
    patchLength: size,
    patchCount: size,
    inputChannels: size.default(1),
    classToken: z.boolean().default(false),
    width: size,
    layers: size.max(MOST_LAYERS),
    heads: size,
    feedForwardWidth: size,
    normPlacement: z.enum(['pre', 'post']).default('pre'),
    position: z.enum(['learned', 'sincos', 'none']).default('learned'),
    activation: z.enum(['gelu', 'relu', 'silu']).default('gelu'),
    dropout: z.number().min(0).lt(1).default(0),
    normEpsilon: z.number().gt(0).default(1e-5),
  })
  .superRefine((config, context) => {
    const { width, heads, position } = config;
    refuseUnevenHeads(width, heads, context);
    if (position === 'sincos') refuseOddWidth(width, context);
    refuseTooManyParameters(estimatedParameters(config), context);
  });

/**
 * The decoder's shape: one narrow block is enough (He et al. 2022). Norm placement, activation and epsilon are the
 * encoder's; it has no dropout.
 */
export const decoderConfigSchema = z
  .strictObject({
    width: size,
    layers: size.max(MOST_LAYERS).default(1),
    heads: size,
    feedForwardWidth: size,
  })
  .superRefine((config, context) => {
    refuseUnevenHeads(config.width, config.heads, context);
    const ofNoPatches = { ...config, patchLength: 0, inputChannels: 0, patchCount: 0 };
    refuseTooManyParameters(estimatedParameters(ofNoPatches), context);
  });

/** A complete encoder configuration, defaults filled in. */
export type EncoderConfig = Readonly<z.output<typeof encoderConfigSchema>>;

/** A complete decoder configuration, defaults filled in. */
export type DecoderConfig = Readonly<z.output<typeof decoderConfigSchema>>;

/** Numbers that one token is made of: `patchLength` points of every input channel, channel by channel. */
export function patchWidth({
  patchLength,
  inputChannels,
}: Pick<EncoderConfig, 'patchLength' | 'inputChannels'>): number {
  return patchLength * inputChannels;
}

/** About the weights of a stack of blocks with its embedding and positions; a table of sines counts as positions do. */
function estimatedParameters(config: {
  readonly patchLength: number;
  readonly inputChannels: number;
  readonly patchCount: number;
  readonly width: number;
  readonly layers: number;
  readonly feedForwardWidth: number;
}): number {
  const { width, layers, feedForwardWidth, patchCount } = config;
  return width * (patchWidth(config) + patchCount + layers * (4 * width + 2 * feedForwardWidth));
}

/**
 * Refuses a model before anything is allocated for it: 10^9 parameters, 4 GB, are a typing error in a size.
 *
 * @param count parameters, about.
 * @example
 * refuseTooManyParameters(width * width, context); // in a `superRefine`
 */
export function refuseTooManyParameters(count: number, context: z.RefinementCtx): void {
  if (count <= MOST_PARAMETERS) return;
  context.addIssue({
    code: 'custom',
    path: ['width'],
    message: `the model would have about ${count.toPrecision(2)} parameters; at most ${MOST_PARAMETERS} are supported, lower its sizes`,
  });
}

function refuseUnevenHeads(width: number, heads: number, context: z.RefinementCtx): void {
  if (width % heads === 0) return;
  context.addIssue({
    code: 'custom',
    path: ['heads'],
    message: `${heads} heads do not divide width ${width}; choose heads so that width / heads is a whole number`,
  });
}

export function refuseOddWidth(width: number, context: z.RefinementCtx, path: string[] = ['width']): void {
  if (width % 2 === 0) return;
  context.addIssue({
    code: 'custom',
    path,
    message: `position "sincos" pairs sines with cosines and needs an even width, not ${width}`,
  });
}
