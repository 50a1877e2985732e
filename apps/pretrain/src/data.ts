import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type CsvOptions, hashFile, readCsv, selectChannels } from '@patchbert/data';
import { findDataset, openForecastingDataset, standardDatasets } from '@patchbert/datasets';
import { didYouMean, PatchBertError } from '@patchbert/errors';
import type { PretrainConfig, PretrainData } from '@patchbert/train';
import { defined } from './config.ts';

type DataConfig = PretrainConfig['data'];

export interface OpenedData extends PretrainData {
  /** A heading for the report: the full title of a known data set, else the name of the file. */
  readonly title: string;
  /** Units by channel, where known. */
  readonly units?: Readonly<Record<string, string>>;
}

/** Opens a CSV file or a data set by name, with the chosen channels. */
export async function openData(config: DataConfig, dataDirectory: string | undefined): Promise<OpenedData> {
  const isDataset = standardDatasets.some(({ name }) => name === config.source);
  if (isDataset) return openDataset(config, dataDirectory);
  await requireFile(config.source);
  return openCsv(config);
}

async function openDataset(config: DataConfig, dataDirectory: string | undefined): Promise<OpenedData> {
  const known = findDataset(config.source);
  if (known.task !== 'forecasting') {
    throw new PatchBertError(
      'pretrain/data',
      `--data ${known.name} is a set of labelled series (${known.archive}); expected one long series: a CSV file or one of ${seriesNames().join(', ')}.`,
    );
  }
  for (const name of ['timeColumn', 'delimiter', 'header', 'timeOrder', 'missing'] as const) {
    if (config[name] === undefined) continue;
    throw new PatchBertError(
      'pretrain/data',
      `data.${name} is for CSV files; the data set ${known.name} is read as it is.`,
    );
  }
  const opened = await openForecastingDataset(config.source, {
    cacheDirectory: join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'patchbert'),
    download: fetch,
    ...defined({ dataDirectory }),
  });
  const { frame, split, source, dataset } = opened;
  return {
    title: source.title,
    frame: config.channels ? selectChannels(frame, config.channels) : frame,
    split,
    files: source.files.map(({ name, sha256 }) => ({ path: name, sha256 })),
    licence: source.licence,
    citation: source.citation,
    ...defined({ units: dataset.units }),
  };
}

async function openCsv({
  source,
  channels,
  timeColumn,
  delimiter,
  header,
  timeOrder,
  missing,
}: DataConfig): Promise<OpenedData> {
  const options: CsvOptions = {
    ...defined({ timeColumn, delimiter, header, timeOrder }),
    ...(channels && { channels: [...channels] }),
    ...(missing && { missing: [...missing] }),
  };
  const frame = await readCsv(source, options);
  return { title: frame.name, frame, files: [{ path: source, sha256: await hashFile(source) }] };
}

/** A plain word that is no file was probably meant as the name of a data set. */
async function requireFile(source: string): Promise<void> {
  const exists = await stat(source).then(
    () => true,
    () => false,
  );
  if (exists || /[\\/.]/.test(source)) return;
  const hint = didYouMean(source, seriesNames()) || ` Known data sets: ${seriesNames().join(', ')}.`;
  throw new PatchBertError(
    'pretrain/data',
    `--data ${source}: there is no such file and no data set of that name.${hint}`,
  );
}

function seriesNames(): string[] {
  return standardDatasets.filter(({ task }) => task === 'forecasting').map(({ name }) => name);
}
