import { join } from 'node:path';
import { encoderParameterSpecs, headParameterSpecs } from '@patchbert/encoder';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import type { HostTensors, TensorSpec } from '@patchbert/ops';
import { readModelDescription, readModelTensors, requireSeal, requireTensors } from '@patchbert/train';
import type { HorizonModel } from '../model/horizon-model.ts';
import { exogenousWidth } from '../task/exogenous.ts';
import {
  FORECASTER_FILE,
  type ForecasterFile,
  forecasterFileSchema,
  openedEncoder,
  type StoredHorizon,
} from './forecaster-file.ts';
import { RESIDUALS } from './save-forecaster.ts';

/** A forecaster as it lies on disk. */
export interface StoredForecaster {
  readonly file: ForecasterFile;
  /** Ascending by horizon. */
  readonly models: readonly HorizonModel[];
}

/**
 * Reads a forecaster back: hashes, names and shapes must be those that were saved, and every weight a finite number.
 *
 * @throws PatchBertError `forecast/no-forecaster`, `forecast/bad-forecaster`, `config/invalid`.
 */
export async function readForecaster(folder: string): Promise<StoredForecaster> {
  const path = join(folder, FORECASTER_FILE);
  const refuse = (reason: string) => bad(folder, reason);
  const json = await readModelDescription(folder, FORECASTER_FILE, refuse).catch(
    (error: NodeJS.ErrnoException) => {
      if (error instanceof PatchBertError) throw error;
      const what = error.code === 'ENOENT' ? 'there is no such file' : String(error.code);
      throw new PatchBertError(
        'forecast/no-forecaster',
        `loadForecaster: "${path}" cannot be read: ${what}. Expected the folder that a finished fit left.`,
      );
    },
  );
  const file = parseConfig(forecasterFileSchema, json, path);
  requireSeal(json, FORECASTER_FILE, refuse);
  const models = [];
  for (const stored of file.horizons) models.push(await readHorizon(folder, file, stored));
  return { file, models: models.sort((a, b) => a.horizon - b.horizon) };
}

async function readHorizon(
  folder: string,
  file: ForecasterFile,
  stored: StoredHorizon,
): Promise<HorizonModel> {
  const refuse = (reason: string) => bad(folder, `${stored.file}: ${reason}`);
  const tensors = await readModelTensors(folder, stored, FORECASTER_FILE, refuse);
  const { horizon, encoder, head, residualLevels } = stored;
  const hasLinear = Object.hasOwn(tensors, 'linear.weight');
  if (encoder === undefined && !hasLinear) throw refuse('it has neither an encoder nor a linear head');
  const network = encoder &&
    head && { ...encoderParameterSpecs(encoder.config), ...headParameterSpecs(head, encoder.config) };
  const inputs = file.contextLength + storedExogenousWidth(file, horizon);
  const groups = groupsOf(file, tensors);
  requireTensors(
    {
      ...network,
      ...(hasLinear && { 'linear.weight': matrix(horizon, inputs), 'linear.bias': matrix(horizon) }),
      ...(residualLevels && { [RESIDUALS]: matrix(groups, residualLevels.length, horizon) }),
    },
    tensors,
    refuse,
    [RESIDUALS],
  );
  return {
    horizon,
    contextLength: file.contextLength,
    linearWeight: stored.linearWeight,
    ...(encoder &&
      head && {
        network: {
          encoder: openedEncoder(encoder),
          head,
          parameters: Object.fromEntries(Object.keys(network!).map((name) => [name, tensors[name]!])),
        },
      }),
    ...(hasLinear && { linear: { weight: tensors['linear.weight']!, bias: tensors['linear.bias']! } }),
    ...(residualLevels && {
      residuals: { levels: residualLevels, values: tensors[RESIDUALS]!.data as Float32Array, groups },
    }),
  };
}

function matrix(...shape: readonly number[]): TensorSpec {
  return { shape, dtype: 'float32' };
}

/** Residuals are of all channels together or of each: what the file says, or what it should say. */
function groupsOf({ channels }: ForecasterFile, tensors: HostTensors): number {
  return tensors[RESIDUALS]?.shape[0] === channels.length ? channels.length : 1;
}

function storedExogenousWidth({ exogenous }: ForecasterFile, horizon: number): number {
  const column = { name: '', values: new Float32Array() };
  return exogenousWidth(
    {
      calendar: exogenous.calendar.flatMap(() => [column, column]),
      covariates: exogenous.covariates.map(() => column),
    },
    horizon,
  );
}

function bad(folder: string, reason: string): PatchBertError {
  return new PatchBertError(
    'forecast/bad-forecaster',
    `loadForecaster: "${folder}" cannot be used: ${reason}. Fit the forecaster again or restore it from a copy.`,
  );
}
