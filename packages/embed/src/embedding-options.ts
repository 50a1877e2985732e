import { z } from 'zod';

/**
 * What to make of the tokens of each window.
 *
 * @example
 * parseConfig(embeddingOptionsSchema, { level: 'window', acrossChannels: 'concatenate' }, 'embed');
 */
export const embeddingOptionsSchema = z
  .strictObject({
    /** What gets a vector: every patch, every channel of a window, or the window. Default `series`. */
    level: z.enum(['patch', 'series', 'window']).default('series'),
    /** How the patches of a channel become one vector; `class` takes the class token. Default `mean`. */
    pooling: z.enum(['mean', 'max', 'last', 'class']).optional(),
    /** With level `window`: how its channels become one vector. Default `mean`. */
    acrossChannels: z.enum(['mean', 'concatenate']).optional(),
    /** Rows from the start of a window to the start of the next. Default: the context length of the encoder. */
    stride: z.int().min(1).optional(),
  })
  .superRefine(({ level, pooling, acrossChannels }, context) => {
    const refuse = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (level === 'patch' && pooling !== undefined) {
      refuse('pooling', 'level "patch" keeps every patch; leave pooling out or choose level "series"');
    }
    if (level !== 'window' && acrossChannels !== undefined) {
      refuse('acrossChannels', `level "${level}" keeps every channel; leave it out or choose level "window"`);
    }
  });

/** What a user writes; every key has a default. */
export type EmbeddingOptions = z.input<typeof embeddingOptionsSchema>;

/** What gets a vector. */
export type EmbeddingLevel = NonNullable<EmbeddingOptions['level']>;

/** How the vectors of a channel's patches become one. */
export type EmbeddingPooling = NonNullable<EmbeddingOptions['pooling']>;
