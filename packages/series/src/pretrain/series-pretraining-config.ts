import { augmentationSchema } from '@patchbert/augment';
import { z } from 'zod';
import { chooseSteps, type StepRule } from '../training/choose-steps.ts';
import { type SeriesTraining, seriesTrainingSchema } from '../training/train-weights.ts';

const weight = z.number().min(0);
const share = z.number().min(0).lt(1);

/**
 * How an encoder is pretrained on whole series; strict, so that a misspelt key is an error.
 *
 * @example
 * parseConfig(seriesPretrainingSchema, { training: { steps: 1000 }, losses: { instanceContrast: 0 } }, 'pretraining');
 */
export const seriesPretrainingSchema = z.strictObject({
  /** `steps`: by default 500; 10 passes over all series where that is more, up to 1,000; at most 1,000 passes. */
  training: seriesTrainingSchema.extend({ steps: z.int().min(1).optional() }).prefault({}),
  augmentation: augmentationSchema.prefault({}),
  /** Weights of the parts of the loss; 0 leaves one out. */
  losses: z
    .strictObject({
      reconstruction: weight.default(1),
      spectrum: weight.default(0),
      instanceContrast: weight.default(0.5),
      hierarchicalContrast: weight.default(0),
    })
    .prefault({})
    .refine(
      (losses) => Object.values(losses).some((value) => value > 0),
      'expected at least one weight above 0',
    ),
  temperature: z.number().gt(0).default(0.2),
  /** Share of cells of a patch's length that is hidden and reconstructed. */
  maskRatio: share.default(0.5),
  /** The same for the second view that contrasts compare with. */
  secondMaskRatio: share.default(0.25),
  /** Share of the tokens that a step reads. */
  keptTokens: z.number().gt(0).max(1).default(0.5),
});

export type SeriesPretrainingInput = z.input<typeof seriesPretrainingSchema>;

/** A pretraining configuration with defaults filled in, but for what follows from the series. */
export type SeriesPretrainingChoices = Readonly<z.output<typeof seriesPretrainingSchema>>;

/** A complete pretraining configuration. */
export type SeriesPretraining = Omit<SeriesPretrainingChoices, 'training'> & {
  readonly training: SeriesTraining;
};

const pretrainingSteps: StepRule = { usual: 500, leastPasses: 10, most: 1000, mostPasses: 1000 };

/** Fills in what follows from the number of series. */
export function settlePretraining(choices: SeriesPretrainingChoices, series: number): SeriesPretraining {
  const steps = chooseSteps(choices.training, series, pretrainingSteps);
  return { ...choices, training: { ...choices.training, steps } };
}
