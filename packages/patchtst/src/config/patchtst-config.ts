import { refuseTooManyParameters } from '@patchbert/encoder';
import { z } from 'zod';
import { activationNames } from '../model/activations.ts';

const size = z.int().min(1);
const share = z.number().min(0).lt(1).default(0);
/** Deeper stacks are a typing error, and would exhaust memory before anything could say so. */
const MOST_LAYERS = 256;

const maskingSchema = z.strictObject({
  /** `random` patches of each series, or the last ones of each sample (`forecast`). */
  kind: z.enum(['random', 'forecast']).default('random'),
  /** Share of patches that `random` hides, rounded up. */
  ratio: z.number().min(0).lt(1).default(0.5),
  /** How many patches `forecast` hides: samples are divided evenly among the numbers. */
  patches: z.array(size).min(1).default([2]),
  /** The same patches in all channels of a sample. */
  channelConsistent: z.boolean().default(false),
  /** Channels, from 0, of which nothing is hidden. */
  unmaskedChannels: z.array(z.int().min(0)).default([]),
  /** What stands in a hidden patch, in scaled units. */
  value: z.int().default(0),
});

const dropoutSchema = z.strictObject({
  attention: share,
  position: share,
  path: share,
  feedForward: share,
  head: share,
});

/**
 * A PatchTST model as Hugging Face has it (Nie et al. 2023): its encoder, head, scaling and masking; strict, so that a
 * misspelt key is an error.
 *
 * `norm` `batch` normalises each feature over the batch when training and by running statistics otherwise. `normPlacement` `pre` has
 * no final norm. `classToken` is read by the heads in place of pooling. `channelAttention` lets channels look at each other at each
 * position, through the weights of the attention along time. `pooling` `none` gives a forecast head all tokens.
 *
 * @example
 * parseConfig(patchtstConfigSchema, { task: 'forecast', channels: 7, contextLength: 512, patchLength: 12, patchStride: 12, horizon: 96 }, 'model');
 */
export const patchtstConfigSchema = z
  .strictObject({
    /** What the head is for; `encode` is a model without a head. */
    task: z.enum(['pretrain', 'forecast', 'classify', 'regress', 'encode']),
    channels: size.default(1),
    contextLength: size,
    patchLength: size,
    patchStride: size,
    width: size.default(128),
    layers: size.max(MOST_LAYERS).default(3),
    heads: size.default(4),
    feedForwardWidth: size.default(512),
    feedForwardBias: z.boolean().default(true),
    activation: z.enum(activationNames).default('gelu'),
    norm: z.enum(['batch', 'layer']).default('batch'),
    normEpsilon: z.number().min(0).default(1e-5),
    normPlacement: z.enum(['pre', 'post']).default('pre'),
    position: z.enum(['learned', 'sincos']).default('sincos'),
    classToken: z.boolean().default(false),
    channelAttention: z.boolean().default(false),
    embedding: z.enum(['shared', 'per-channel']).default('shared'),
    scaling: z.enum(['std', 'mean', 'none']).default('std'),
    pooling: z.enum(['mean', 'max', 'none']).default('mean'),
    masking: maskingSchema.default(() => maskingSchema.parse({})),
    dropout: dropoutSchema.default(() => dropoutSchema.parse({})),
    /** Steps that a forecast has. */
    horizon: size.default(24),
    /** Classes of `classify`, numbers of `regress`. */
    targets: size.default(1),
    /** Between which two numbers `regress` stays; unbounded when left out. */
    outputRange: z.tuple([z.number(), z.number()]).optional(),
  })
  .superRefine((config, context) => {
    const refuse = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const { width, heads, contextLength, patchLength, task, classToken, pooling, masking, channels } = config;
    if (width % heads !== 0) {
      refuse(
        'heads',
        `${heads} heads do not divide width ${width}; choose heads so that width / heads is a whole number`,
      );
    }
    // Class token and heads are small beside these.
    const patches = config.contextLength / config.patchStride;
    const embeddings = config.embedding === 'shared' ? 1 : channels;
    const perLayer = 4 * width + 2 * config.feedForwardWidth;
    const outputs = (config.pooling === 'none' ? patches : 1) * (task === 'forecast' ? config.horizon : 1);
    const targets = task === 'classify' || task === 'regress' ? channels * config.targets : 0;
    const perFeature = embeddings * patchLength + patches + outputs + targets + config.layers * perLayer;
    refuseTooManyParameters(width * perFeature, context);
    if (contextLength <= patchLength) {
      refuse(
        'patchLength',
        `a patch of ${patchLength} must be shorter than the context of ${contextLength} points`,
      );
    }
    if ((task === 'classify' || task === 'regress') && !classToken && pooling === 'none') {
      refuse('pooling', `a model of task "${task}" needs pooling "mean" or "max", or a class token`);
    }
    if (config.position === 'sincos' && width % 2 !== 0) {
      refuse('width', `position "sincos" pairs sines with cosines and needs an even width, not ${width}`);
    }
    if (masking.unmaskedChannels.some((channel) => channel >= channels)) {
      refuse(
        'masking',
        `unmaskedChannels names ${Math.max(...masking.unmaskedChannels)}; channels are 0 to ${channels - 1}`,
      );
    }
  });

/** A complete configuration, defaults filled in. */
export type PatchTSTConfig = Readonly<z.output<typeof patchtstConfigSchema>>;

/** What a user has to write of a configuration. */
export type PatchTSTConfigInput = z.input<typeof patchtstConfigSchema>;

/** What a model's head is for. */
export type PatchTSTTask = PatchTSTConfig['task'];
