import { z } from 'zod';

const size = z.int().min(1);

/**
 * A forecast head's shape; strict, so that a misspelt key is an error.
 *
 * `flatten` (the default; PatchTST, Nie et al. 2023) maps all tokens of a series at once, `pooled` their mean, maximum or
 * last one. With `quantileLevels` the head forecasts one number per level, otherwise one number per step. `channels` is
 * `shared`, one map for all channels, or their number: a map for each. `exogenousWidth` numbers per series, such as known
 * future covariates, are appended to the features. `dropout` acts on the features.
 *
 * @example
 * parseConfig(forecastHeadConfigSchema, { horizon: 96, quantileLevels: [0.1, 0.5, 0.9] }, 'forecast head');
 */
export const forecastHeadConfigSchema = z
  .strictObject({
    kind: z.enum(['flatten', 'pooled']).default('flatten'),
    /** Only for `pooled`; default `mean`. */
    pooling: z.enum(['mean', 'max', 'last']).optional(),
    horizon: size,
    /** Ascending, each between 0 and 1. */
    quantileLevels: z.array(z.number().gt(0).lt(1)).min(1).readonly().optional(),
    channels: z.union([z.literal('shared'), size]).default('shared'),
    exogenousWidth: z.int().min(0).default(0),
    dropout: z.number().min(0).lt(1).default(0),
  })
  .superRefine(({ kind, pooling, quantileLevels = [] }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (kind === 'flatten' && pooling !== undefined) {
      refuse('pooling', 'a head of kind "flatten" reads every token; remove pooling or choose kind "pooled"');
    }
    if (quantileLevels.some((level, index) => index > 0 && level <= quantileLevels[index - 1]!)) {
      refuse('quantileLevels', `expected ascending levels without repeats, not ${quantileLevels.join(', ')}`);
    }
  });

/** A complete forecast head configuration, defaults filled in. */
export type ForecastHeadConfig = Readonly<z.output<typeof forecastHeadConfigSchema>>;

/**
 * Index of the level nearest to 1/2, the lower one of two: what stands for the point forecast of a quantile head.
 *
 * @example
 * middleLevelIndex([0.1, 0.5, 0.9]); // 1
 */
export function middleLevelIndex(levels: readonly number[]): number {
  const distances = levels.map((level) => Math.abs(level - 0.5));
  return distances.indexOf(Math.min(...distances));
}
