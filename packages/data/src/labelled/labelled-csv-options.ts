import { z } from 'zod';
import { csvOptionsSchema } from '../csv/csv-options.ts';
import { targetKindSchema } from '../series/target-kind.ts';

/** How to read a long CSV file of labelled series; unknown keys are refused. */
export const labelledCsvOptionsSchema = csvOptionsSchema
  .pick({ delimiter: true, missing: true, timeColumn: true })
  .extend({
    /** The column that says which series a row belongs to. Default: the only one named `id`, `series`, `series_id`, ... */
    idColumn: z.string().optional(),
    /** The column of classes. Default: the one named `label` or `class`. */
    labelColumn: z.string().optional(),
    /** The column of numbers to predict. Default: the one named `target`. */
    targetColumn: z.string().optional(),
    /** The columns to read as channels, in this order; default all others. */
    valueColumns: z.array(z.string()).min(1, 'expected at least one column').optional(),
    /** Default: `label` with a column of classes, `value` with one of numbers, else `none`. */
    target: targetKindSchema.optional(),
  });

export type LabelledCsvOptions = z.input<typeof labelledCsvOptionsSchema>;

export type ParsedLabelledCsvOptions = z.output<typeof labelledCsvOptionsSchema>;
