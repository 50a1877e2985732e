import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encoderParameterSpecs, headParameterSpecs } from '@patchbert/encoder';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors, type TensorSpec } from '@patchbert/ops';
import { readSafetensors, toFloat32 } from '@patchbert/safetensors';
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
 * Reads a forecaster back: hashes, names and shapes must be those that were saved.
 *
 * @throws PatchBertError `forecast/no-forecaster`, `forecast/bad-forecaster`, `config/invalid`.
 */
export async function readForecaster(folder: string): Promise<StoredForecaster> {
  const path = join(folder, FORECASTER_FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const what = error.code === 'ENOENT' ? 'there is no such file' : String(error.code);
    throw new PatchBertError(
      'forecast/no-forecaster',
      `loadForecaster: "${path}" cannot be read: ${what}. Expected the folder that a finished fit left.`,
    );
  });
  const file = parseConfig(forecasterFileSchema, parseJson(path, text), path);
  const models = [];
  for (const stored of file.horizons) models.push(await readHorizon(folder, file, stored));
  return { file, models: models.sort((a, b) => a.horizon - b.horizon) };
}

async function readHorizon(
  folder: string,
  file: ForecasterFile,
  stored: StoredHorizon,
): Promise<HorizonModel> {
  const bytes = await readFile(join(folder, stored.file)).catch((error: NodeJS.ErrnoException) => {
    throw bad(folder, `${stored.file} cannot be read (${error.code})`);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== stored.sha256) {
    throw bad(
      folder,
      `${stored.file} is not the file that was saved: its SHA-256 differs from ${FORECASTER_FILE}`,
    );
  }
  const tensors = Object.fromEntries(
    [...readSafetensors(bytes).tensors].map(([name, tensor]) => [
      name,
      float32Tensor(toFloat32(tensor), tensor.shape),
    ]),
  );
  const take = (specs: Readonly<Record<string, TensorSpec>>): HostTensors =>
    Object.fromEntries(
      Object.entries(specs).map(([name, { shape }]) => [name, expectTensor(folder, tensors, name, shape)]),
    );
  const { horizon, encoder, head, residualLevels } = stored;
  if (encoder === undefined && tensors['linear.weight'] === undefined) {
    throw bad(folder, `${stored.file} has neither an encoder nor a linear head`);
  }
  const inputs = file.contextLength + storedExogenousWidth(file, horizon);
  const residuals = tensors[RESIDUALS];
  return {
    horizon,
    contextLength: file.contextLength,
    linearWeight: stored.linearWeight,
    ...(encoder &&
      head && {
        network: {
          encoder: openedEncoder(encoder),
          head,
          parameters: take({
            ...encoderParameterSpecs(encoder.config),
            ...headParameterSpecs(head, encoder.config),
          }),
        },
      }),
    ...(tensors['linear.weight'] && {
      linear: {
        weight: expectTensor(folder, tensors, 'linear.weight', [horizon, inputs]),
        bias: expectTensor(folder, tensors, 'linear.bias', [horizon]),
      },
    }),
    ...(residuals &&
      residualLevels && {
        residuals: {
          levels: residualLevels,
          values: residuals.data as Float32Array,
          groups: residuals.shape[0]!,
        },
      }),
  };
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

function expectTensor(
  folder: string,
  tensors: HostTensors,
  name: string,
  shape: readonly number[],
): HostTensor {
  const tensor = tensors[name];
  if (tensor && tensor.shape.join() === shape.join()) return tensor;
  const found = tensor ? `has ${name} as [${tensor.shape.join(', ')}]` : `has no ${name}`;
  throw bad(folder, `it ${found}, expected [${shape.join(', ')}]`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PatchBertError(
      'forecast/bad-forecaster',
      `loadForecaster: "${path}" is not JSON; fit the forecaster again.`,
    );
  }
}

function bad(folder: string, reason: string): PatchBertError {
  return new PatchBertError(
    'forecast/bad-forecaster',
    `loadForecaster: "${folder}" cannot be used: ${reason}. Fit the forecaster again or restore it from a copy.`,
  );
}
