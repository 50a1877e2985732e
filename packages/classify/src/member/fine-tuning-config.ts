import { augmentationSchema } from '@patchbert/augment';
import { chooseSteps, type SeriesTraining, type StepRule, seriesTrainingSchema } from '@patchbert/series';
import { z } from 'zod';

const share = z.number().min(0).lt(1);

/**
 * How encoder and head learn from labels; strict, so that a misspelt key is an error. The defaults are one recipe for every set
 * (docs/results.md).
 */
export const fineTuningSchema = z.strictObject({
  training: seriesTrainingSchema
    .extend({
      /** By default 1,000; 20 passes over the labelled series where that is more, up to 1,500; at most 500 passes. */
      steps: z.int().min(1).optional(),
      /** The head reads features normalised by their batch: of a single series nothing would be left. */
      batchSize: z.int().min(2).default(32),
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
  /** Strength of mixing two series and their labels (mixup, Zhang et al. 2018); 0 mixes none, 1 most. */
  mixUp: z.number().min(0).max(1).default(0),
});

/** A fine-tuning configuration with defaults filled in, but for what follows from the series. */
export type FineTuningChoices = Readonly<z.output<typeof fineTuningSchema>>;

/** A complete fine-tuning configuration. */
export type FineTuning = Omit<FineTuningChoices, 'training'> & { readonly training: SeriesTraining };

const fineTuningSteps: StepRule = { usual: 1000, leastPasses: 20, most: 1500, mostPasses: 500 };

/** Fills in what follows from the number of labelled series. */
export function settleFineTuning(choices: FineTuningChoices, labelled: number): FineTuning {
  const steps = chooseSteps(choices.training, labelled, fineTuningSteps);
  return { ...choices, training: { ...choices.training, steps } };
}
