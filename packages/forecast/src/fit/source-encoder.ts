import { stat } from 'node:fs/promises';
import { encoderParameterSpecs, maskedAutoencoderConfigSchema } from '@patchbert/encoder';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { type HostTensors, patchLayout } from '@patchbert/ops';
import { type Checkpoint, type OpenedCheckpoint, openCheckpoint, transferEncoder } from '@patchbert/train';
import { z } from 'zod';
import type { ForecastEncoder } from '../closed-form/features.ts';
import type { ForecastConfig } from '../config/forecast-config.ts';

/** A pretrained encoder, and where it came from. */
export interface SourceEncoder {
  readonly encoder: ForecastEncoder;
  /** `encoder.*`. */
  readonly parameters: HostTensors;
  readonly origin: EncoderOrigin;
  /** The configuration of its pretraining; absent for random weights. */
  readonly pretraining?: unknown;
}

export const encoderOriginSchema = z.strictObject({
  /** Folder of the checkpoint, or `random weights`. */
  checkpoint: z.string(),
  step: z.int().optional(),
  /** SHA-256 of the series it was pretrained on. */
  dataFingerprint: z.string().optional(),
  /** What the data of its pretraining were called. */
  dataSource: z.string().optional(),
  contextLength: z.int(),
  /** Parameters taken as they are, interpolated to another number of patches, and left behind (those of the decoder). */
  loaded: z.array(z.string()),
  resized: z.array(z.string()),
  unused: z.array(z.string()),
});

export type EncoderOrigin = z.output<typeof encoderOriginSchema>;

/** What a pretraining run says about its windows; other keys of its configuration do not matter here. */
const pretrainingSchema = z.looseObject({
  contextLength: z.int().min(1),
  patchLength: z.int().min(1),
  remainder: z.enum(['drop-oldest', 'pad']).default('drop-oldest'),
  outlierLimit: z.number().gt(0).default(10),
  data: z.looseObject({ source: z.string() }).optional(),
});

/**
 * Loads the encoder of a pretraining run (its newest complete checkpoint) or of one checkpoint folder, strictly: every
 * parameter of the encoder must be there with its shape. Patches get the layout of pretraining.
 *
 * @throws PatchBertError `forecast/no-checkpoint`, `forecast/other-context`, `train/bad-checkpoint`, `train/nothing-loaded`,
 * `train/transfer-mismatch`.
 */
export async function sourceEncoder(
  path: string,
  { contextLength, resizePositions }: Pick<ForecastConfig, 'contextLength' | 'resizePositions'>,
): Promise<SourceEncoder> {
  const { checkpoint, path: folder } = await checkpointAt(path);
  const { config, encoder } = describedEncoder(checkpoint, folder);
  const { patchLength, remainder, outlierLimit } = config;
  const length = contextLength ?? config.contextLength;
  if (length !== config.contextLength && !resizePositions) {
    throw new PatchBertError(
      'forecast/other-context',
      `forecast: the checkpoint in "${folder}" was pretrained with contextLength ${config.contextLength}, not ${length}; leave the context length out, pretrain with that one, or say resizePositions to interpolate its positions.`,
    );
  }
  const layout = patchLayout({ contextLength: length, patchLength, remainder });
  const fitted = { ...encoder, patchCount: layout.patchCount };
  const { parameters, report } = transferEncoder(encoderParameterSpecs(fitted), checkpoint.parameters, {
    resizePositions,
  });
  return {
    encoder: { config: fitted, layout, outlierLimit },
    parameters,
    pretraining: checkpoint.facts.config,
    origin: {
      checkpoint: folder,
      step: checkpoint.step,
      dataFingerprint: checkpoint.facts.dataFingerprint,
      ...(config.data && { dataSource: config.data.source }),
      contextLength: length,
      loaded: [...report.loaded],
      resized: [...report.resized],
      unused: [...report.unused],
    },
  };
}

async function checkpointAt(path: string): Promise<OpenedCheckpoint> {
  const opened = await openCheckpoint(path);
  if (opened) return opened;
  const what = (await exists(path)) ? 'holds no checkpoint' : 'does not exist';
  throw new PatchBertError(
    'forecast/no-checkpoint',
    `forecast: "${path}" ${what}; expected the folder of a pretraining run or of one of its checkpoints.`,
  );
}

function describedEncoder(checkpoint: Checkpoint, folder: string) {
  if (checkpoint.facts.model.kind === 'series') {
    throw new PatchBertError(
      'forecast/other-checkpoint',
      `forecast: "${folder}" was pretrained on whole series, all channels together; expected a run on windows of long recordings. Whole series are for classify and regress.`,
    );
  }
  const model = parseConfig(maskedAutoencoderConfigSchema, checkpoint.facts.model, `${folder}: model`);
  const config = parseConfig(pretrainingSchema, checkpoint.facts.config, `${folder}: config`);
  return { config, encoder: { ...model.encoder, dropout: 0 } };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
