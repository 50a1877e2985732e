import { augmentationSchema } from '@patchbert/augment';
import { z } from 'zod';
import { seriesTrainingSchema } from '../training/train-weights.ts';

const weight = z.number().min(0);
const share = z.number().min(0).lt(1);

/**
 * How an encoder is pretrained on whole series; strict, so that a misspelt key is an error.
 *
 * @example
 * parseConfig(seriesPretrainingSchema, { training: { steps: 1000 }, losses: { instanceContrast: 0 } }, 'pretraining');
 */
export const seriesPretrainingSchema = z.strictObject({
  training: seriesTrainingSchema.extend({ steps: z.int().min(1).default(500) }).prefault({}),
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

/** A complete pretraining configuration, defaults filled in. */
export type SeriesPretraining = Readonly<z.output<typeof seriesPretrainingSchema>>;
