import { z } from 'zod';

const size = z.int().min(1);
const share = z.number().min(0).max(1);

/** Quantiles a forecaster brings when nothing else is asked for. */
const defaultLevels = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

const ridgeSchema = z.strictObject({
  /** Most training windows of one channel each that the head on frozen features sees; more are thinned evenly. */
  mostRows: size.default(64_000),
  /** The same for the linear head on the context. */
  mostLinearRows: size.default(500_000),
});

/** How the network's head reads tokens, when it is trained by gradient. */
const headSchema = z.strictObject({
  kind: z.enum(['flatten', 'pooled']).default('flatten'),
  pooling: z.enum(['mean', 'max', 'last']).optional(),
  /** `shared`: one map for all channels; `per-channel`: one for each. */
  channels: z.enum(['shared', 'per-channel']).default('shared'),
});

const averagingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('ema'), decay: z.number().gt(0).lt(1).default(0.99) }),
  /** `start`: the share of the steps after which weights enter the mean. */
  z.strictObject({ kind: z.literal('swa'), start: z.number().min(0).lt(1).default(0.75) }),
]);

/** Gradient training of a head or of everything; ignored by `adapt: 'ridge'`. */
const trainingSchema = z.strictObject({
  loss: z.enum(['mse', 'mae', 'huber', 'quantile']).default('mse'),
  /** Where `huber` turns from squared to absolute, in deviations of the context. */
  huberDelta: z.number().gt(0).default(1),
  steps: size.default(1000),
  /** Steps of the head alone before everything trains (`probe-then-fine-tune`). */
  probeSteps: size.default(500),
  batchSize: size.default(64),
  /** Highest rate of the head. */
  learningRate: z.number().gt(0).default(1e-3),
  /** Highest rate of the encoder's last block. */
  encoderLearningRate: z.number().gt(0).default(3e-4),
  /** Each block below learns at this share of the rate of the one above. */
  layerDecay: z.number().gt(0).max(1).default(0.6),
  weightDecay: z.number().min(0).default(0.01),
  clipNorm: z.number().gt(0).nullable().default(1),
  schedule: z.enum(['warmup-cosine', 'one-cycle']).default('warmup-cosine'),
  warmup: z.number().min(0).lt(1).default(0.1),
  /** Dropout in the encoder's blocks while it trains. */
  dropout: z.number().min(0).lt(1).default(0.3),
  /** Dropout of the features the head reads. */
  headDropout: z.number().min(0).lt(1).default(0.6),
  averaging: averagingSchema.prefault({ kind: 'ema' }),
  /** Parameters that stay as they are, by name or by the beginning of it, such as `encoder.layers.0`. */
  freeze: z.array(z.string().min(1)).default([]),
  validateEvery: size.default(100),
  /** Validations without improvement before training stops. */
  patience: size.default(5),
  /** Mixing two series of a batch (p = 0.5) and flipping signs, as pure functions of the seed. */
  augment: z.boolean().default(true),
});

/**
 * Everything that decides the bits of a forecaster; strict, so that a misspelt key is an error. The defaults are one recipe
 * for every data set, fixed beforehand (docs/results.md).
 *
 * @example
 * parseConfig(forecastConfigSchema, { horizons: [96, 192] }, 'forecast.json');
 */
export const forecastConfigSchema = z
  .strictObject({
    /** Rows to predict; one model each. */
    horizons: z.array(size).min(1).default([96]),
    /** Points a forecast looks back on. Default: those of the checkpoint, 512 without one. */
    contextLength: size.optional(),
    /** Whether learned positions may be interpolated to another context length than that of pretraining. */
    resizePositions: z.boolean().default(false),
    /**
     * `multivariate`: every channel trains and is scored; `target-only`: every channel trains, `target` alone is scored;
     * `univariate`: the target alone is used. Default: `target-only` with a `target`, else `multivariate`. Who names a target
     * wants that one scored, so `multivariate` with one is `target-only` too.
     */
    mode: z.enum(['multivariate', 'target-only', 'univariate']).default('multivariate'),
    target: z.string().min(1).optional(),
    /** Channels whose future is known when a forecast is made; they are not predicted. */
    covariates: z.array(z.string().min(1)).default([]),
    /** Whether the hour, weekday and season at the origin are inputs. */
    calendar: z.boolean().default(false),
    /** Rows of one season, for the seasonal naive forecast and MASE. Default: found in the training rows. */
    seasonalPeriod: size.optional(),
    /** Share of the training windows to learn from: the latest ones of every recording. */
    trainFraction: z.number().gt(0).max(1).default(1),
    /**
     * `ridge`: frozen encoder, head in closed form. By gradient: `linear-probe` (frozen encoder), `fine-tune` (everything),
     * `probe-then-fine-tune`, `scratch` (everything, from random weights).
     */
    adapt: z.enum(['ridge', 'linear-probe', 'fine-tune', 'probe-then-fine-tune', 'scratch']).default('ridge'),
    /** Share of the linear forecast in the average; 0 leaves the network alone, 1 the linear model. It is scored in any case. */
    linearWeight: share.default(0.5),
    /**
     * Whether the same network without pretraining is fitted too and scored beside the forecaster: random weights under a
     * head in closed form, or training from scratch. Takes about as long again.
     */
    control: z.boolean().default(false),
    /** Beyond 0.005 and 0.995 the validation rows say too little. */
    quantileLevels: z.array(z.number().min(0.005).max(0.995)).min(1).default(defaultLevels),
    ridge: ridgeSchema.prefault({}),
    head: headSchema.prefault({}),
    training: trainingSchema.prefault({}),
    seed: z.int().min(0).default(0),
    /** Windows of one run of the device; changes nothing but time and memory. */
    batchSize: size.default(512),
  })
  .superRefine((config, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (config.mode !== 'multivariate' && config.target === undefined) {
      refuse('target', `mode "${config.mode}" predicts one channel; expected its name`);
    }
    if (config.target !== undefined && config.covariates.includes(config.target)) {
      refuse('covariates', `"${config.target}" is the target; a covariate is known beforehand`);
    }
    if (config.quantileLevels.some((level, i) => i > 0 && level <= config.quantileLevels[i - 1]!)) {
      refuse('quantileLevels', 'expected ascending levels without repeats');
    }
  })
  .overwrite((config) =>
    config.mode === 'multivariate' && config.target !== undefined
      ? { ...config, mode: 'target-only' as const }
      : config,
  );

export type ForecastConfigInput = z.input<typeof forecastConfigSchema>;

/** The complete, frozen configuration, as written to `forecaster.json`. */
export type ForecastConfig = z.output<typeof forecastConfigSchema>;
