import { z } from 'zod';

/** What a run does when its loss, a gradient or a weight is NaN or infinite. */
export const divergencePolicySchema = z.strictObject({
  /** `rollback`: go back to the last checkpoint of the plan, and on from there with a lower learning rate. */
  action: z.enum(['stop', 'rollback']).default('stop'),
  /** What learning rates are multiplied by at each rollback. */
  rateFactor: z.number().gt(0).lt(1).default(0.5),
  /** Rollbacks of a run before it stops after all. */
  rollbacks: z.int().min(1).default(3),
});

export type DivergencePolicy = Readonly<z.output<typeof divergencePolicySchema>>;
