import { join } from 'node:path';
import type { HostTensor } from '@patchbert/ops';
import { float32Tensor } from '@patchbert/ops';
import { writeSafetensors } from '@patchbert/safetensors';
import { replaceFile, sealed, sha256 } from '@patchbert/train';
import { modelState } from '../model/forecast-step.ts';
import type { HorizonModel } from '../model/horizon-model.ts';
import {
  FORECASTER_FILE,
  type ForecasterFile,
  type StoredHorizon,
  storedEncoder,
} from './forecaster-file.ts';

export const RESIDUALS = 'residuals';

/** A forecaster without what follows from its models. */
export type ForecasterFacts = Omit<ForecasterFile, 'horizons' | 'format' | 'version' | 'sha256'>;

/** Writes the tensors of every horizon, then `forecaster.json`, which names their hashes: what is half written never loads. */
export async function saveForecaster(
  folder: string,
  facts: ForecasterFacts,
  models: readonly HorizonModel[],
): Promise<void> {
  const horizons: StoredHorizon[] = [];
  for (const model of models) {
    const file = `horizon-${model.horizon}.safetensors`;
    const bytes = writeSafetensors(
      Object.entries(modelTensors(model)).map(([name, { shape, data }]) => [
        name,
        {
          dtype: 'F32' as const,
          shape,
          bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        },
      ]),
    );
    await replaceFile(join(folder, file), bytes);
    horizons.push({
      horizon: model.horizon,
      file,
      sha256: sha256(bytes),
      linearWeight: model.linearWeight,
      ...(model.network && {
        encoder: storedEncoder(model.network.encoder),
        head: { ...model.network.head },
      }),
      ...(model.residuals && { residualLevels: [...model.residuals.levels] }),
    });
  }
  const stored: ForecasterFile = sealed({ format: 'patchbert-forecaster', version: 1, ...facts, horizons });
  await replaceFile(join(folder, FORECASTER_FILE), `${JSON.stringify(stored, undefined, 2)}\n`);
}

function modelTensors(model: HorizonModel): Record<string, HostTensor> {
  const { residuals, horizon } = model;
  if (residuals === undefined) return modelState(model);
  const shape = [residuals.groups, residuals.levels.length, horizon];
  return { ...modelState(model), [RESIDUALS]: float32Tensor(residuals.values, shape) };
}
