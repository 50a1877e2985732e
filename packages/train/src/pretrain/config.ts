import { maskingSchema } from '@patchbert/ops';
import { z } from 'zod';
import { divergencePolicySchema } from '../fit/divergence-policy.ts';

/** Where the series come from. Opening them is the caller's work; these facts make a run reproducible. */
const dataSchema = z.strictObject({
  /** Name of a bundled or standard data set, or the path of a CSV file. */
  source: z.string().min(1),
  /** Channels to use, by name. Default: all. */
  channels: z.array(z.string().min(1)).min(1).optional(),
  /** CSV: name of the time column; `false` when there is none. Default: found by its content. */
  timeColumn: z.union([z.string().min(1), z.literal(false)]).optional(),
  /** CSV: column separator. Default `,`. */
  delimiter: z.string().length(1).optional(),
  /** CSV: whether the first line names the columns. Default `true`. */
  header: z.boolean().optional(),
  /** CSV: `any` takes rows as they stand where time stamps repeat or go back. Default `ascending`. */
  timeOrder: z.enum(['ascending', 'any']).optional(),
  /** CSV: texts that mean "missing". Default: the empty text and the usual ones. */
  missing: z.array(z.string()).optional(),
  /** Shares of the rows, by time. Default: the protocol of a standard data set, else 0.7 and 0.1; the rest is test. */
  split: z
    .strictObject({ train: z.number().gt(0).lt(1), validation: z.number().gt(0).lt(1) })
    .refine((split) => split.train + split.validation < 1, {
      message: 'expected train + validation < 1: the rest is test and stays unseen',
    })
    .optional(),
});

const size = z.int().min(1);

/** A preset, and whatever should differ from it. */
const modelSchema = z.strictObject({
  preset: z.enum(['tiny', 'small', 'base']).default('small'),
  width: size.optional(),
  layers: size.optional(),
  heads: size.optional(),
  feedForwardWidth: size.optional(),
  normPlacement: z.enum(['pre', 'post']).optional(),
  position: z.enum(['learned', 'sincos', 'none']).optional(),
  activation: z.enum(['gelu', 'relu', 'silu']).optional(),
  dropout: z.number().min(0).lt(1).optional(),
  /** The narrow decoder of `visible-only`. */
  decoder: z
    .strictObject({
      width: size.optional(),
      layers: size.optional(),
      heads: size.optional(),
      feedForwardWidth: size.optional(),
    })
    .optional(),
});

/**
 * Everything that decides the bits of a pretraining run; strict, so that a misspelt key is an error. The defaults were
 * chosen on the validation rows of the bundled data set (docs/results.md).
 *
 * `steps` is where the run ends; `scheduleSteps` (default: `steps`) is the length of the learning-rate schedule. With
 * `scheduleSteps: 400`, a run of 200 steps that is resumed with `steps: 400` equals a run of 400 steps bit for bit.
 *
 * @example
 * parseConfig(pretrainConfigSchema, { data: { source: 'load.csv' }, steps: 1000 }, 'pretrain.json');
 */
export const pretrainConfigSchema = z
  .strictObject({
    data: dataSchema,
    /** Points of one window. */
    contextLength: size.default(512),
    /** Points of one patch; pretraining patches never overlap, an overlap would leak masked values. */
    patchLength: size.default(12),
    /** What happens when `patchLength` does not divide `contextLength`. */
    remainder: z.enum(['drop-oldest', 'pad']).default('drop-oldest'),
    model: modelSchema.prefault({}),
    masking: maskingSchema.prefault({ geometry: 'random', ratio: 0.4 }),
    /** Whether channels of the same window share one mask. */
    maskChannels: z.enum(['independent', 'shared']).default('independent'),
    /** What the encoder sees at a masked patch. */
    corruption: z.enum(['visible-only', 'zero', 'token', 'bert']).default('visible-only'),
    /** What is reconstructed: the normalised values, or each patch normalised by its own mean and scale. */
    target: z.enum(['values', 'per-patch-normalised']).default('values'),
    /** Weight of the difference between spectra in the loss, beside the squared error of hidden points; 0 leaves it out. */
    spectrumWeight: z.number().min(0).default(0),
    /** Values are clipped at this many visible standard deviations from the visible mean of their window. */
    outlierLimit: z.number().gt(0).default(10),
    /** `series`: single-channel crops; `windows`: every channel of each window. */
    sampling: z.enum(['series', 'windows']).default('series'),
    /** Samples of one step: single-channel series, or windows of all channels with `sampling: 'windows'`. */
    batchSize: size.default(64),
    /**
     * Steps whose gradients are gathered for one update of the weights, as of one batch of all their samples, where that is too
     * large for the device. `steps` and `scheduleSteps` count batches and must be multiples of it.
     */
    accumulateSteps: size.default(1),
    steps: size.default(5000),
    scheduleSteps: size.optional(),
    schedule: z.enum(['warmup-cosine', 'one-cycle', 'constant']).default('warmup-cosine'),
    /** Share of `scheduleSteps` in which the rate rises (`warmup-cosine`). */
    warmup: z.number().min(0).lt(1).default(0.1),
    /** Highest learning rate of the schedule. */
    learningRate: z.number().gt(0).default(2e-3),
    weightDecay: z.number().min(0).default(0.01),
    beta1: z.number().min(0).lt(1).default(0.9),
    beta2: z.number().min(0).lt(1).default(0.98),
    adamEpsilon: z.number().gt(0).default(1e-8),
    /** Largest global gradient norm; `null` leaves gradients as they are. */
    clipNorm: z.number().gt(0).nullable().default(1),
    seed: z.int().min(0).default(0),
    /** Steps between validations; the last step always validates. */
    validateEvery: size.default(200),
    /** Least number of single-channel validation series; every channel takes part. */
    validationSeries: size.default(512),
    /** Steps between checkpoints; the last step always saves. */
    checkpointEvery: size.default(500),
    /** Newest checkpoints to keep; the best one by validation is always kept. */
    keepCheckpoints: size.default(2),
    /** Validation windows kept with their reconstruction for the report. */
    galleryWindows: z.int().min(0).default(8),
    /** What happens when training diverges. */
    divergence: divergencePolicySchema.prefault({}),
  })
  .refine((config) => config.steps % config.accumulateSteps === 0, {
    message: 'expected a multiple of accumulateSteps: the gradients of the last steps would be lost',
    path: ['steps'],
  })
  .refine((config) => (config.scheduleSteps ?? 0) % config.accumulateSteps === 0, {
    message: 'expected a multiple of accumulateSteps',
    path: ['scheduleSteps'],
  })
  .refine((config) => config.scheduleSteps === undefined || config.scheduleSteps >= config.steps, {
    message: 'expected scheduleSteps >= steps: the schedule must cover the run',
    path: ['scheduleSteps'],
  });

/** What a user writes: only `data.source` has no default. */
export type PretrainConfigInput = z.input<typeof pretrainConfigSchema>;

/** The complete, frozen configuration, as written to `config.json`. */
export type PretrainConfig = z.output<typeof pretrainConfigSchema>;
