import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassifyChoices } from '@patchbert/classify';
import { readJson } from '@patchbert/train';
import { type SeriesData, seriesDataSchema } from './series-settings.ts';

/** Where the folder of a model says how it was asked for; `--config` takes it as it stands. */
const configFile = (folder: string) => join(folder, 'config.json');

/** Writes what repeats a fit: every setting, the data and the encoder. */
export async function writeSeriesConfig(
  folder: string,
  config: ClassifyChoices,
  facts: { readonly data: SeriesData; readonly checkpoint?: string; readonly backend?: string },
): Promise<void> {
  const { data, checkpoint, backend } = facts;
  const value = { data, checkpoint, backend, ...config };
  await writeFile(configFile(folder), `${JSON.stringify(value, null, 2)}\n`, { flag: 'wx' });
}

/** The data a model was fitted on, and how they were read; undefined when its folder does not say. */
export async function readSeriesData(folder: string): Promise<SeriesData | undefined> {
  try {
    const { data } = (await readJson(configFile(folder))) as { data?: unknown };
    return seriesDataSchema.safeParse(data).data;
  } catch {
    return undefined;
  }
}
