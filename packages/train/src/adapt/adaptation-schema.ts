import { z } from 'zod';

const size = z.int().min(1);
const rate = z.number().gt(0);

/**
 * How a pretrained encoder and a head are trained for a task; strict, so that a misspelt key is an error.
 *
 * `linear-probe` trains the head alone. `fine-tune` trains both. `probe-then-fine-tune` does one after the other, which keeps
 * a new head from spoiling the encoder (Kumar et al. 2022). `scratch` trains both at the head's rate, for a comparison with
 * an encoder that was not pretrained.
 */
export const adaptationSchema = z.strictObject({
  strategy: z
    .enum(['linear-probe', 'fine-tune', 'probe-then-fine-tune', 'scratch'])
    .default('probe-then-fine-tune'),
  /** Steps of the only phase, or of fine-tuning after the probe. */
  steps: size.default(1000),
  /** Steps of the probe before fine-tuning. */
  probeSteps: size.default(300),
  /** Series of one step; what makes the batches reads it. */
  batchSize: size.default(64),
  /** Highest learning rate of the head. */
  learningRate: rate.default(1e-3),
  /** Highest learning rate of the encoder's last layer. */
  encoderLearningRate: rate.default(3e-4),
  /** Rate of a layer as a share of that of the layer above. */
  layerDecay: rate.max(1).default(0.6),
  weightDecay: z.number().min(0).default(0.01),
  schedule: z.enum(['warmup-cosine', 'one-cycle']).default('warmup-cosine'),
  /** Share of a phase's steps in which the rate rises. */
  warmup: z.number().min(0).lt(1).default(0.1),
  /** Largest global gradient norm; `null` leaves gradients as they are. */
  clipNorm: rate.nullable().default(1),
  /** What is validated and kept: a moving average of the weights, their mean over the end of a phase, or the weights. */
  averaging: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('ema'), decay: z.number().min(0).lt(1).default(0.99) }),
      /** `start`: the share of a phase's steps after which weights enter the mean. */
      z.strictObject({ kind: z.literal('swa'), start: z.number().min(0).lt(1).default(0.75) }),
      z.strictObject({ kind: z.literal('none') }),
    ])
    .default({ kind: 'ema', decay: 0.99 }),
  /** Steps between validations; the last step of a phase always validates. */
  validateEvery: size.default(100),
  /** Validations in a row without an improvement that end a phase; `null` never ends one early. */
  patience: size.nullable().default(5),
  /** Parameters that stay as they are, as patterns of `freeze`. */
  freeze: z.array(z.string().min(1)).readonly().default([]),
  seed: z.int().min(0).default(0),
});

/** What a user writes; everything has a default. */
export type AdaptationConfigInput = z.input<typeof adaptationSchema>;

/** A complete adaptation configuration. */
export type AdaptationConfig = z.output<typeof adaptationSchema>;
