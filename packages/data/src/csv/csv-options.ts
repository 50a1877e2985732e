import { z } from 'zod';

/** How to read a CSV file; every key has a default, unknown keys are refused. */
export const csvOptionsSchema = z.strictObject({
  /** The character between values. */
  delimiter: z
    .string()
    .length(1, 'expected one character')
    .refine((text) => !'"\r\n'.includes(text), 'expected a character other than a quote or a line end')
    .default(','),
  /** Whether the first line names the columns; otherwise they are `column1`, `column2`, ... */
  header: z.boolean().default(true),
  /**
   * The column of time stamps, or false for none. Default: the first column when it is named date, time,
   * timestamp or datetime, or when its first value is a time stamp.
   */
  timeColumn: z.union([z.string(), z.literal(false)]).optional(),
  /** Texts that stand for a missing value, numbers such as `-9999` too; a cell must hold exactly this text. */
  missing: z.array(z.string()).default(['', 'NA', 'NaN', 'nan', 'null', 'N/A', '?']),
  /** The columns to read, in this order; default all but the time column. Others are not looked at. */
  channels: z.array(z.string()).min(1, 'expected at least one column').optional(),
  /** `ascending`: every time stamp is later than the one before; `any`: rows are taken as they stand. */
  timeOrder: z.enum(['ascending', 'any']).default('ascending'),
});

/** How to read a long CSV file: one row per series and time. */
export const longCsvOptionsSchema = csvOptionsSchema.omit({ timeOrder: true }).extend({
  /** The column that says which series a row belongs to. Default: the only one named `id`, `item_id`, `series`, ... */
  idColumn: z.string().optional(),
});

export type LongCsvOptions = z.input<typeof longCsvOptionsSchema>;

export type CsvOptions = z.input<typeof csvOptionsSchema>;

type ParsedCsvOptions = z.output<typeof csvOptionsSchema>;

/** What the reader is told: of a long table, also which column holds the ids, if that is known. */
export type TableOptions = ParsedCsvOptions & {
  readonly ids?: { readonly column: string | undefined };
  /** Columns that are neither channels nor times. */
  readonly beside?: readonly string[];
  /** Whether times may be plain numbers, all of them; default false. */
  readonly numericTimes?: boolean;
};
