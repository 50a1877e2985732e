import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askedBackend } from '@patchbert/command-line';
import type { ForecastConfig } from '@patchbert/forecast';
import { readJson } from '@patchbert/train';
import { type DataConfig, dataSchema, type ForecastRequest } from './forecast-request.ts';

/** Where the folder of a forecaster says how it was asked for; `--config` takes it as it stands. */
const configFile = (folder: string) => join(folder, 'config.json');

/** Writes what repeats a run: every setting, the data and the encoder. */
export async function writeRunConfig(
  folder: string,
  { data, pretraining, backend }: ForecastRequest,
  config: ForecastConfig,
  checkpoint: string | undefined,
): Promise<void> {
  const value = { data, checkpoint, pretraining, backend: askedBackend(backend), ...config };
  await writeFile(configFile(folder), `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx' });
}

/** The data that a forecaster was fitted on, and how they were read; undefined when its folder does not say. */
export async function readFittedData(folder: string): Promise<DataConfig | undefined> {
  try {
    const { data } = (await readJson(configFile(folder))) as { data?: unknown };
    return dataSchema.safeParse(data).data;
  } catch {
    return undefined;
  }
}
