import { z } from 'zod';

/** What a reader takes as the answer of each series: a class, a number, or nothing. */
export const targetKindSchema = z.enum(['label', 'value', 'none']);

export type TargetKind = z.output<typeof targetKindSchema>;

/** How a reader of labelled series takes a file; unknown keys are refused. */
export const seriesReadOptionsSchema = z.strictObject({
  /** Default: what the file declares; `label` where the format declares nothing. */
  target: targetKindSchema.optional(),
});

export type SeriesReadOptions = z.input<typeof seriesReadOptionsSchema>;
