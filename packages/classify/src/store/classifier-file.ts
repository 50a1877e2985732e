import { seriesInputsSchema } from '@patchbert/series';
import { z } from 'zod';
import { classifyConfigSchema } from '../config/classify-config.ts';

const memberSchema = z.strictObject({
  /** Name of the file with its tensors, and its SHA-256. */
  file: z.string().regex(/^member-\d+\.safetensors$/),
  sha256: z.string(),
});

const targetSchema = z.discriminatedUnion('kind', [
  /** The classes in the order of the outputs. */
  z.strictObject({ kind: z.literal('class'), classes: z.array(z.string()).min(2) }),
  /** Mean and deviation of the training values. */
  z.strictObject({ kind: z.literal('value'), mean: z.number(), deviation: z.number().gt(0) }),
]);

/** `classifier.json`: everything but the tensors. Written last; names the hashes of the others and its own. */
export const classifierFileSchema = z
  .strictObject({
    format: z.literal('patchbert-classifier'),
    version: z.literal(1),
    patchbert: z.string(),
    config: classifyConfigSchema,
    target: targetSchema,
    inputs: seriesInputsSchema,
    /** Folder of the checkpoint that the encoders come from; absent when each was pretrained in the fit. */
    checkpoint: z.string().optional(),
    /** SHA-256 of the training series, labels and values. */
    dataFingerprint: z.string(),
    members: z.array(memberSchema).min(1),
    /** Of all of the above, see `sealed`; absent in a file of before there was one. */
    sha256: z.string().optional(),
  })
  .superRefine(({ inputs: { channels, scaler } }, context) => {
    if (scaler.mean.length === channels.length && scaler.deviation.length === channels.length) return;
    context.addIssue({
      code: 'custom',
      path: ['inputs', 'scaler'],
      message: `expected a mean and a deviation for each of ${channels.length} channels`,
    });
  });

/** What `classifier.json` says. */
export type ClassifierFile = Readonly<z.output<typeof classifierFileSchema>>;

export const CLASSIFIER_FILE = 'classifier.json';
