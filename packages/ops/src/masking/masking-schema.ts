import { z } from 'zod';

const ADVICE = 'use a share between 0 and 1, such as 0.4';

const ratio = z
  .number()
  .gt(0, {
    error: ({ input }) =>
      `a mask ratio of ${input} hides nothing, so there is nothing to learn from; ${ADVICE}`,
  })
  .lt(1, { error: ({ input }) => `a mask ratio of ${input} leaves nothing to see; ${ADVICE}` });

/**
 * Which patches of a series to hide.
 *
 * - `random`: each patch alike. - `block`: one run of neighbours. - `geometric`: several runs of geometrically
 *   distributed length (Zerveas et al., TST, KDD 2021). - `forecast`: the last patches. - `given`: these patches.
 */
export const maskingSchema = z.discriminatedUnion('geometry', [
  z.strictObject({ geometry: z.literal('random'), ratio }),
  z.strictObject({ geometry: z.literal('block'), ratio }),
  z.strictObject({
    geometry: z.literal('geometric'),
    ratio,
    meanLength: z
      .number()
      .min(1, 'a run of masked patches has at least 1 patch; use a mean length of 1 or more'),
  }),
  z.strictObject({ geometry: z.literal('forecast'), patches: z.int().min(1) }),
  z.strictObject({
    geometry: z.literal('given'),
    masked: z
      .array(z.int().min(0))
      .min(1, 'name at least one patch to mask')
      .refine((masked) => new Set(masked).size === masked.length, 'a patch is named twice'),
  }),
]);

/** A parsed `maskingSchema`. */
export type Masking = z.infer<typeof maskingSchema>;
