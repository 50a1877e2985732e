import { divergencePolicySchema } from '@patchbert/train';
import { z } from 'zod';
import { seriesModelChoicesSchema } from '../config/series-model-choices.ts';
import { type SeriesPretraining, seriesPretrainingSchema } from '../pretrain/series-pretraining-config.ts';

const size = z.int().min(1);

/** Where the series come from. Opening them is the caller's work; these facts make a run reproducible. */
const dataSchema = z.strictObject({
  /** Name of a data set, or the path of a file. */
  source: z.string().min(1),
  /** How the file is read. Default: by the end of its name. */
  format: z.enum(['ucr', 'ucr-unlabelled', 'ts', 'arff', 'csv']).optional(),
  idColumn: z.string().min(1).optional(),
  /** CSV: the column of classes, which is not read. */
  labelColumn: z.string().min(1).optional(),
  /** CSV: the column of time stamps; `false` when there is none. */
  timeColumn: z.union([z.string().min(1), z.literal(false)]).optional(),
  /** CSV: columns that are channels. Default: all others. */
  valueColumns: z.array(z.string().min(1)).min(1).optional(),
  delimiter: z.string().length(1).optional(),
  /** The source holds long recordings, and windows of this many points are the series. */
  window: size.optional(),
  /** Points from one window to the next. Default: the length of a window. */
  stride: size.optional(),
});

/**
 * Everything that decides the bits of a pretraining on whole series; strict, so that a misspelt key is an error.
 *
 * @example
 * parseConfig(seriesRunSchema, { data: { source: 'JapaneseVowels' }, model: { width: 32 } }, 'series.json');
 */
export const seriesRunSchema = z
  .strictObject({
    data: dataSchema,
    /** What should differ from the rule of `chooseSeriesModel`; in a run's own `config.json` all of it. */
    model: seriesModelChoicesSchema.prefault({}),
    pretraining: seriesPretrainingSchema.prefault({}),
    /** Share of the series that is held out to judge the model, when there are 50 or more. */
    validationShare: z.number().gt(0).lt(1).default(0.1),
    seed: z.int().min(0).default(0),
    /** Steps between validations; the last step always validates. */
    validateEvery: size.default(100),
    /** Steps between checkpoints; the last step always saves. */
    checkpointEvery: size.default(250),
    /** Newest checkpoints to keep. */
    keepCheckpoints: size.default(2),
    /** Series kept with their reconstruction for the report. */
    gallerySeries: z.int().min(0).default(8),
    /** What happens when training diverges. */
    divergence: divergencePolicySchema.prefault({}),
  })
  .refine(({ data }) => data.stride === undefined || data.window !== undefined, {
    message: 'expected a window too: a stride is from window to window',
    path: ['data', 'stride'],
  });

/** What a user writes: only `data.source` has no default. */
export type SeriesRunConfigInput = z.input<typeof seriesRunSchema>;

/** A configuration with defaults filled in, but for what follows from the series. */
export type SeriesRunChoices = Readonly<z.output<typeof seriesRunSchema>>;

/** The complete configuration, as written to `config.json`. */
export type SeriesRunConfig = Omit<SeriesRunChoices, 'pretraining'> & {
  readonly pretraining: SeriesPretraining;
};
