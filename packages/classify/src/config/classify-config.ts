import {
  type SeriesPretraining,
  seriesModelChoicesSchema,
  seriesPretrainingSchema,
  settlePretraining,
} from '@patchbert/series';
import { z } from 'zod';
import { type FineTuning, fineTuningSchema, settleFineTuning } from '../member/fine-tuning-config.ts';
import type { SeriesTask } from '../task/series-task.ts';

const size = z.int().min(1);

/**
 * Everything that decides the bits of a classifier or regressor of whole series; strict, so that a misspelt key is an error. The
 * defaults are one recipe for every data set, chosen by cross-validation inside training files (docs/results.md).
 *
 * @example
 * parseConfig(classifyConfigSchema, { members: 1, adapt: 'ridge' }, 'classify.json');
 */
export const classifyConfigSchema = z
  .strictObject({
    /** What should differ from the rule of `chooseSeriesModel`. */
    model: seriesModelChoicesSchema.prefault({}),
    /**
     * `fine-tune`: encoder and head learn from the labels, then a ridge beside the head; `scratch`: the same from random weights;
     * frozen encoder: `ridge` (closed form) or `logistic` (by maximum likelihood).
     */
    adapt: z.enum(['fine-tune', 'ridge', 'logistic', 'scratch']).default('fine-tune'),
    /** Networks that are trained with seeds of their own and averaged. */
    members: size.default(3),
    pretraining: seriesPretrainingSchema.prefault({}),
    fineTuning: fineTuningSchema.prefault({}),
    /** How the tokens of each level become a vector; `attention` is learned by fine-tuning. */
    poolings: z
      .array(z.enum(['mean', 'max', 'deviation', 'positive', 'last', 'attention']))
      .min(1)
      .default(['mean', 'max', 'deviation', 'positive']),
    /**
     * Which readout predicts after fine-tuning: the trained head, the ridge, or the mean of both. Default: both for classes, the
     * ridge for values, where the head is the weaker one by far.
     */
    readout: z.enum(['both', 'head', 'ridge']).optional(),
    /** `balanced`: every class counts as much as any other, however many series it has. */
    classWeights: z.enum(['none', 'balanced']).default('none'),
    /** Series per class whose label may be read; all series are pretrained on. */
    labelsPerClass: size.optional(),
    /** Share of the labels that may be read, at least one per class. */
    labelFraction: z.number().gt(0).max(1).optional(),
    /** Whether a class may have a single series. */
    allowSingleExamples: z.boolean().default(false),
    /** Whether the same network is trained from random weights too, with the same steps and with the same compute, and scored beside. */
    control: z.boolean().default(false),
    /** Networks that are trained from random weights for that. Default: as many as `members`; fewer are faster. */
    controlMembers: size.optional(),
    /** Whether simple methods are scored beside. */
    baselines: z.boolean().default(true),
    seed: z.int().min(0).default(0),
    /** Series of one run of the device; changes nothing but time and memory. */
    batchSize: size.default(32),
  })
  .superRefine(({ labelsPerClass, labelFraction, adapt, readout, poolings }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (labelsPerClass !== undefined && labelFraction !== undefined) {
      refuse('labelFraction', 'both labelsPerClass and labelFraction say how many labels are read; give one');
    }
    if ((adapt === 'ridge' || adapt === 'logistic') && poolings.includes('attention')) {
      refuse('poolings', `"attention" is learned by fine-tuning; adapt "${adapt}" leaves the encoder frozen`);
    }
    if (new Set(poolings).size < poolings.length) refuse('poolings', 'expected each pooling once');
    if ((adapt === 'ridge' || adapt === 'logistic') && readout !== undefined) {
      refuse('readout', `adapt "${adapt}" has one readout; readout belongs to "fine-tune" and "scratch"`);
    }
  });

export type ClassifyConfigInput = z.input<typeof classifyConfigSchema>;

/** A configuration with defaults filled in, but for what follows from the series. */
export type ClassifyChoices = Readonly<z.output<typeof classifyConfigSchema>>;

/** The complete configuration, as written to `classifier.json`. */
export type ClassifyConfig = Omit<ClassifyChoices, 'pretraining' | 'fineTuning'> & {
  readonly pretraining: SeriesPretraining;
  readonly fineTuning: FineTuning;
};

/** Fills in what follows from the numbers of series. */
export function settleConfig(
  choices: ClassifyChoices,
  { series, labelled }: Pick<SeriesTask, 'series' | 'labelled'>,
): ClassifyConfig {
  return {
    ...choices,
    pretraining: settlePretraining(choices.pretraining, series.length),
    fineTuning: settleFineTuning(choices.fineTuning, labelled.series.length),
  };
}
