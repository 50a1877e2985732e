import { augmentationSchema } from '@patchbert/augment';
import { seriesTrainingSchema } from '@patchbert/series';
import { z } from 'zod';

const share = z.number().min(0).lt(1);

/**
 * How encoder and head learn from labels; strict, so that a misspelt key is an error. The defaults are one recipe for every set
 * (docs/results.md).
 */
export const fineTuningSchema = z.strictObject({
  training: seriesTrainingSchema
    .extend({
      steps: z.int().min(1).default(500),
      averagedShare: z.number().min(0).lt(1).default(0.25),
    })
    .prefault({}),
  augmentation: augmentationSchema.prefault({}),
  /** Probability that a series is also masked, and the largest share of its cells that is then hidden. */
  maskedSeries: z.number().min(0).max(1).default(0.5),
  mostMasked: share.default(0.6),
  /** Share of the tokens that a step reads. */
  keptTokens: z.number().gt(0).max(1).default(0.5),
  labelSmoothing: share.default(0.1),
  /** Dropout of the features the head reads. */
  headDropout: share.default(0.2),
  /** Strength of mixing two series and their labels (mixup, Zhang et al. 2018); 0 mixes none. */
  mixUp: z.number().min(0).default(0),
});

export type FineTuningInput = z.input<typeof fineTuningSchema>;

/** A complete fine-tuning configuration, defaults filled in. */
export type FineTuning = Readonly<z.output<typeof fineTuningSchema>>;
