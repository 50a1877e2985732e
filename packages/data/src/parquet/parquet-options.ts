import { z } from 'zod';

/** How to read a Parquet file; every key has a default, unknown keys are refused. */
export const parquetOptionsSchema = z.strictObject({
  /**
   * The column of time stamps, or false for none. Default: the only column of type timestamp or date, else a column of
   * time stamps named date, time, timestamp or datetime.
   */
  timeColumn: z.union([z.string(), z.literal(false)]).optional(),
  /** The columns to read, in this order; default all but the time column. Others are not looked at. */
  channels: z.array(z.string()).min(1, 'expected at least one column').optional(),
  /** `ascending`: every time stamp is later than the one before; `any`: rows are taken as they stand. */
  timeOrder: z.enum(['ascending', 'any']).default('ascending'),
});

export type ParquetOptions = z.input<typeof parquetOptionsSchema>;

/** How to read a long table: one row per series and time. */
export const longParquetOptionsSchema = parquetOptionsSchema.omit({ timeOrder: true }).extend({
  /** The column, of texts or whole numbers, that says which series a row belongs to. Default: the only one named `id`, `item_id`, `series`, ... */
  idColumn: z.string().optional(),
});

export type LongParquetOptions = z.input<typeof longParquetOptionsSchema>;
