import { z } from 'zod';

const size = z.int().min(1);

/**
 * How whole series become tokens, and the encoder that reads them; strict, so that a misspelt key is an error.
 *
 * `channels` `mixed`: all channels of a patch enter one token; `independent`: every channel is a series of its own under the
 * same weights, and what reads the encoder sees them side by side. `length` is the number of points of the longest series, after
 * `pooling` points each were averaged into one. Patches may overlap (`patchStride` below `patchLength`): points are hidden in
 * time, before the patches are cut, so that no hidden point shows in a neighbour.
 *
 * @example
 * parseConfig(seriesModelSchema, { length: 96, patchLength: 12, patchStride: 3 }, 'model');
 */
export const seriesModelSchema = z
  .strictObject({
    channels: z.enum(['mixed', 'independent']).default('mixed'),
    /**
     * `train-set`: mean and deviation of each channel over the training series; `per-series`: those of each series, over its visible points
     * where some are hidden.
     */
    normalise: z.enum(['train-set', 'per-series', 'none']).default('train-set'),
    /** Whether differences from point to point are inputs beside the points. */
    differences: z.boolean().default(true),
    length: size,
    pooling: size.default(1),
    patchLength: size,
    patchStride: size,
    width: size.default(64),
    layers: size.default(3),
    heads: size.default(4),
    feedForwardWidth: size.default(128),
    position: z.enum(['learned', 'sincos', 'none']).default('learned'),
    activation: z.enum(['gelu', 'relu', 'silu']).default('gelu'),
    classToken: z.boolean().default(false),
    dropout: z.number().min(0).lt(1).default(0),
  })
  .superRefine(({ patchStride, patchLength, length }, context) => {
    if (patchStride > patchLength) {
      context.addIssue({
        code: 'custom',
        path: ['patchStride'],
        message: `a stride of ${patchStride} skips points between patches of ${patchLength}; expected at most the patch length`,
      });
    }
    if (patchLength > length) {
      context.addIssue({
        code: 'custom',
        path: ['patchLength'],
        message: `patches of ${patchLength} points do not fit into series of ${length}`,
      });
    }
  });

export type SeriesModelInput = z.input<typeof seriesModelSchema>;

/** A complete series model, defaults filled in. */
export type SeriesModel = Readonly<z.output<typeof seriesModelSchema>>;

/** Patches of a series, the last one padded where the series ends inside it: `ceil((L - P) / S) + 1`. */
export function tokenCount({
  length,
  patchLength,
  patchStride,
}: Pick<SeriesModel, 'length' | 'patchLength' | 'patchStride'>): number {
  return Math.ceil((length - patchLength) / patchStride) + 1;
}

/** Rows of points that one token is cut from: values, differences, and one row that tells what is not visible. */
export function inputRows(model: Pick<SeriesModel, 'channels' | 'differences'>, channels: number): number {
  const together = model.channels === 'mixed' ? channels : 1;
  return together * (model.differences ? 2 : 1) + 1;
}
