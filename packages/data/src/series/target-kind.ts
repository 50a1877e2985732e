import { z } from 'zod';

/** What a reader takes as the answer of each series: a class, a number, or nothing. */
export const targetKindSchema = z.enum(['label', 'value', 'none']);

export type TargetKind = z.output<typeof targetKindSchema>;

/** How a reader of labelled series takes a file; unknown keys are refused. */
export const seriesReadOptionsSchema = z.strictObject({
  /** Default: what the file declares; `label` where the format declares nothing. */
  target: targetKindSchema.optional(),
});

/** How a UCR file is read; unknown keys are refused. */
export const ucrReadOptionsSchema = seriesReadOptionsSchema.extend({
  /**
   * Whether every line begins with a label. Default true; with `target: 'none'` there is no default, since a file without labels
   * looks like one with them.
   */
  labelled: z.boolean().optional(),
});

export type UcrReadOptions = z.input<typeof ucrReadOptionsSchema>;

export type SeriesReadOptions = z.input<typeof seriesReadOptionsSchema>;
