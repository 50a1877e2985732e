import { z } from 'zod';

/** A return to an earlier checkpoint after training diverged. */
export const rollbackSchema = z.strictObject({
  /** The step that diverged, its learning rate, and how it showed. */
  divergedAt: z.int().min(1),
  learningRate: z.number(),
  what: z.string(),
  /** Step of the checkpoint gone back to; 0 for the start of the run. */
  toStep: z.int().min(0),
  /** What the schedule's rates are multiplied by from then on. */
  rateScale: z.number().gt(0),
});

export type Rollback = Readonly<z.output<typeof rollbackSchema>>;

/** A continuation that was forced although something was not as in the run before it. */
export const forcedResumeSchema = z.strictObject({
  /** First step under the new circumstances. */
  fromStep: z.int().min(1),
  /** Each as a line: setting, what it was and what it is. */
  differences: z.array(z.string()),
});

export type ForcedResume = Readonly<z.output<typeof forcedResumeSchema>>;

/** What the schedule's rates are multiplied by after some rollbacks. */
export function rateScaleAfter(rollbacks: readonly Rollback[] = []): number {
  return rollbacks.at(-1)?.rateScale ?? 1;
}
