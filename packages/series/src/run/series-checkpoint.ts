import { encoderParameterSpecs } from '@patchbert/encoder';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { type CheckpointFacts, type OpenedCheckpoint, openCheckpoint } from '@patchbert/train';
import { z } from 'zod';
import { encoderOf } from '../input/encoder-of.ts';
import { type SeriesInputs, seriesInputsSchema } from '../input/series-inputs.ts';

/** What a checkpoint of a series run says about its model. */
const modelSchema = z.strictObject({ kind: z.literal('series'), inputs: seriesInputsSchema });

/** The facts of a checkpoint under `model`: enough to rebuild the encoder without the run. */
export function checkpointModel(inputs: SeriesInputs): CheckpointFacts['model'] {
  return { kind: 'series', inputs: { ...inputs } };
}

/** A pretrained encoder of whole series. */
export interface SeriesCheckpoint {
  /** Folder of the checkpoint. */
  readonly path: string;
  readonly inputs: SeriesInputs;
  /** Weights of the encoder, and of what pretraining read it with. */
  readonly parameters: HostTensors;
  /** SHA-256 of the series it was pretrained on. */
  readonly dataFingerprint: string;
}

/**
 * Opens the newest checkpoint of a run folder, or the checkpoint folder itself.
 *
 * @throws PatchBertError `train/bad-checkpoint`; `series/no-checkpoint` where there is none; `series/other-checkpoint` for one of an
 * encoder of long recordings.
 * @example
 * const { inputs, parameters } = await readSeriesCheckpoint('runs/first');
 */
export async function readSeriesCheckpoint(folder: string): Promise<SeriesCheckpoint> {
  const { path, checkpoint } = await open(folder);
  const parsed = modelSchema.safeParse(checkpoint.facts.model);
  if (!parsed.success && (checkpoint.facts.model as { kind?: unknown }).kind !== 'series') {
    throw new PatchBertError(
      'series/other-checkpoint',
      `readSeriesCheckpoint: "${path}" was pretrained on windows of long recordings, one channel at a time; expected a run of ` +
        'patchbert-pretrain series.',
    );
  }
  const { inputs } = parseConfig(modelSchema, checkpoint.facts.model, path);
  const { parameters, facts } = checkpoint;
  for (const [name, { shape }] of Object.entries(encoderParameterSpecs(encoderOf(inputs)))) {
    if (parameters[name]?.shape.join() === shape.join()) continue;
    throw new PatchBertError(
      'train/bad-checkpoint',
      `readSeriesCheckpoint: "${path}" has no ${name} of shape [${shape.join(', ')}]; use another checkpoint.`,
    );
  }
  return { path, inputs, parameters, dataFingerprint: facts.dataFingerprint };
}

async function open(folder: string): Promise<OpenedCheckpoint> {
  const opened = await openCheckpoint(folder);
  if (opened) return opened;
  throw new PatchBertError(
    'series/no-checkpoint',
    `readSeriesCheckpoint: "${folder}" holds no checkpoint; expected the folder of a run of patchbert-pretrain series.`,
  );
}
