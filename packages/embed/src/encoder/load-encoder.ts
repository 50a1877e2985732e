import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { type ForecastEncoder, readForecaster, sourceEncoder } from '@patchbert/forecast';
import type { HostTensors } from '@patchbert/ops';

/** An encoder of windows of one channel, with what it takes to run it. */
export interface WindowEncoder {
  readonly encoder: ForecastEncoder;
  /** Those of the encoder are read. */
  readonly parameters: HostTensors;
  /** Where it came from, such as `runs/load/checkpoints/step-00005000`; files say so. */
  readonly source: string;
}

export interface LoadEncoderOptions {
  /** The encoder of this horizon of a forecaster. Default: that of the longest horizon that has one. */
  readonly horizon?: number | undefined;
}

/**
 * Opens the encoder of a pretraining run (its newest complete checkpoint), of one checkpoint folder, or of a forecaster.
 *
 * @throws PatchBertError `embed/no-encoder` for a folder that holds none, `embed/whole-series` for one of whole series,
 * `embed/no-horizon`; `forecast/...` and `train/...` for files that are damaged.
 * @example
 * const embedder = openEmbedder(backend, await loadEncoder('runs/first'));
 */
export async function loadEncoder(
  folder: string,
  { horizon }: LoadEncoderOptions = {},
): Promise<WindowEncoder> {
  if (await exists(join(folder, 'forecaster.json'))) return forecasterEncoder(folder, horizon);
  if (await exists(join(folder, 'classifier.json'))) {
    throw new PatchBertError(
      'embed/whole-series',
      `loadEncoder: "${folder}" holds a classifier or regressor, which reads whole series, all channels together; load it with Classifier or Regressor and call its embed, with windowsAsSeries for long recordings.`,
    );
  }
  const isRun = (await exists(join(folder, 'state.json'))) || (await exists(join(folder, 'checkpoints')));
  if (!isRun) {
    const what = (await exists(folder)) ? 'holds no encoder' : 'does not exist';
    throw new PatchBertError(
      'embed/no-encoder',
      `loadEncoder: "${folder}" ${what}; expected the folder of a pretraining run, of one of its checkpoints, or of a forecaster.`,
    );
  }
  if (horizon !== undefined) {
    throw new PatchBertError(
      'embed/no-horizon',
      `loadEncoder: "${folder}" is a pretraining run, which has no horizon ${horizon}; leave the horizon out.`,
    );
  }
  const { encoder, parameters, origin } = await sourceEncoder(folder, { resizePositions: false });
  return { encoder, parameters, source: origin.checkpoint };
}

async function forecasterEncoder(folder: string, horizon: number | undefined): Promise<WindowEncoder> {
  const { models } = await readForecaster(folder);
  const withEncoder = models.filter(({ network }) => network !== undefined);
  if (withEncoder.length === 0) {
    throw new PatchBertError(
      'embed/no-encoder',
      `loadEncoder: the forecaster in "${folder}" is the linear model alone and has no encoder; use the folder of a pretraining run.`,
    );
  }
  const model =
    horizon === undefined ? withEncoder.at(-1) : withEncoder.find((one) => one.horizon === horizon);
  if (model === undefined) {
    throw new PatchBertError(
      'embed/no-horizon',
      `loadEncoder: the forecaster in "${folder}" has no horizon ${horizon}; expected one of ${withEncoder.map((one) => one.horizon).join(', ')}.`,
    );
  }
  const { encoder, parameters } = model.network!;
  return { encoder, parameters, source: `${folder}, horizon ${model.horizon}` };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
