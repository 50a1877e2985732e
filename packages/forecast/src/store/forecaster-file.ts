import { type EncoderConfig, encoderConfigSchema, forecastHeadConfigSchema } from '@patchbert/encoder';
import { patchLayout } from '@patchbert/ops';
import { z } from 'zod';
import { forecastConfigSchema } from '../config/forecast-config.ts';
import { encoderOriginSchema } from '../fit/source-encoder.ts';
import { exogenousPlanSchema } from '../task/exogenous-plan.ts';

const encoderSchema = z.strictObject({
  config: encoderConfigSchema,
  patching: z.strictObject({
    contextLength: z.int().min(1),
    patchLength: z.int().min(1),
    remainder: z.enum(['drop-oldest', 'pad']),
  }),
  outlierLimit: z.number(),
});

const horizonSchema = z.strictObject({
  horizon: z.int().min(1),
  /** Name of the file with its tensors, and its SHA-256. */
  file: z.string().regex(/^horizon-\d+\.safetensors$/),
  sha256: z.string(),
  linearWeight: z.number(),
  encoder: encoderSchema.optional(),
  head: forecastHeadConfigSchema.optional(),
  residualLevels: z.array(z.number()).optional(),
});

/** `forecaster.json`: everything but the tensors. Written last; names the hashes of the others and its own. */
export const forecasterFileSchema = z
  .strictObject({
    format: z.literal('patchbert-forecaster'),
    version: z.literal(1),
    patchbert: z.string(),
    config: forecastConfigSchema,
    contextLength: z.int().min(1),
    /** Channels of the data it was fitted on, in order. */
    channels: z.array(z.string()),
    seasonalPeriod: z.int().min(1),
    /** Mean and deviation of each channel over the training rows of the first recording. */
    units: z.strictObject({ mean: z.array(z.number()), scale: z.array(z.number()) }),
    exogenous: exogenousPlanSchema,
    origin: encoderOriginSchema.optional(),
    /** SHA-256 of the series it was fitted on. */
    dataFingerprint: z.string(),
    horizons: z.array(horizonSchema).min(1),
    /** Of all of the above, see `sealed`; absent in a file of before there was one. */
    sha256: z.string().optional(),
  })
  .superRefine(({ channels, units, horizons }, context) => {
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    if (units.mean.length !== channels.length || units.scale.length !== channels.length) {
      refuse(['units'], `expected a mean and a scale for each of ${channels.length} channels`);
    }
    horizons.forEach(({ encoder, head }, i) => {
      if (encoder !== undefined && !fits(encoder)) {
        refuse(['horizons', i, 'encoder'], 'patching and encoder are of different patches');
      }
      if ((encoder === undefined) !== (head === undefined)) {
        refuse(['horizons', i], 'expected encoder and head, or neither');
      }
    });
  });

/** Whether the encoder's patches are those that the context is cut into. */
function fits({ config, patching }: z.output<typeof encoderSchema>): boolean {
  const { contextLength, patchLength } = patching;
  if (patchLength !== config.patchLength || contextLength < patchLength) return false;
  return patchLayout(patching).patchCount === config.patchCount;
}

export type ForecasterFile = z.output<typeof forecasterFileSchema>;
export type StoredHorizon = z.output<typeof horizonSchema>;
export type StoredEncoder = z.output<typeof encoderSchema>;

export const FORECASTER_FILE = 'forecaster.json';

export function storedEncoder(encoder: {
  readonly config: EncoderConfig;
  readonly layout: { contextLength: number; patchLength: number; remainder: 'drop-oldest' | 'pad' };
  readonly outlierLimit: number;
}): StoredEncoder {
  const { contextLength, patchLength, remainder } = encoder.layout;
  return {
    config: { ...encoder.config },
    patching: { contextLength, patchLength, remainder },
    outlierLimit: encoder.outlierLimit,
  };
}

export function openedEncoder({ config, patching, outlierLimit }: StoredEncoder) {
  return { config, layout: patchLayout(patching), outlierLimit };
}
