import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { bundledPath } from '../bundled/bundled-path.ts';
import type { DatasetFile, StandardDataset } from '../registry/dataset.ts';
import { findDataset } from '../registry/standard-datasets.ts';
import { downloadFile } from './download-file.ts';

export interface ResolveOptions {
  /** A folder of yours with data sets in it; only read. */
  readonly dataDirectory?: string;
  /** A folder for downloads. */
  readonly cacheDirectory?: string;
  /** Pass `fetch` to allow downloads; without it nothing is fetched. */
  readonly download?: typeof fetch;
  /** Stops a download. */
  readonly signal?: AbortSignal;
}

export type FileOrigin = 'bundled' | 'data directory' | 'cache' | 'download';

export interface ResolvedFile extends DatasetFile {
  readonly path: string;
  readonly origin: FileOrigin;
}

export interface ResolvedDataset {
  readonly dataset: StandardDataset;
  readonly files: readonly ResolvedFile[];
  /** The paths of `files`, in their order. */
  readonly paths: readonly string[];
}

/**
 * Finds the files of a data set: in the package, in your data directory, in the cache; then, if allowed,
 * downloads what is missing into the cache, once, checked by hash.
 *
 * In a data directory the files may lie at the top or in the folder of their kind: `forecasting/ETTh1.csv`,
 * `ucr/GunPoint/GunPoint_TRAIN.tsv`, `uea/JapaneseVowels/JapaneseVowels_TRAIN.ts`.
 *
 * @throws PatchBertError `datasets/unknown-dataset`, `datasets/no-data-directory`, `datasets/missing-file` (says where to put it),
 * `datasets/download-failed`, `datasets/wrong-hash`.
 * @example
 * const { paths } = await resolveDataset('ETTh1', { dataDirectory: 'data' });
 */
export async function resolveDataset(name: string, options: ResolveOptions = {}): Promise<ResolvedDataset> {
  const dataset = findDataset(name);
  const isBundled = dataset.task === 'forecasting' && dataset.bundled;
  if (!isBundled) await requireDirectory('resolveDataset', options.dataDirectory);
  const alternatives = dataset.task === 'classification' ? dataset.alternativeFiles : [];
  for (const files of [dataset.files, ...alternatives]) {
    const found = await Promise.all(files.map((file) => locate(dataset, file, options)));
    if (found.every((file) => file !== undefined)) return resolved(dataset, found);
  }
  const files: ResolvedFile[] = [];
  for (const file of dataset.files) {
    files.push((await locate(dataset, file, options)) ?? (await fetchFile(dataset, file, options)));
  }
  return resolved(dataset, files);
}

/** Refuses a data directory that was named but is not there. */
export async function requireDirectory(where: string, directory: string | undefined): Promise<void> {
  if (directory === undefined) return;
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isDirectory) return;
  throw new PatchBertError(
    'datasets/no-data-directory',
    `${where}: the data directory "${directory}" is not there, or is no folder; create it, name another, or leave it out.`,
  );
}

function resolved(dataset: StandardDataset, files: readonly ResolvedFile[]): ResolvedDataset {
  return { dataset, files, paths: files.map(({ path }) => path) };
}

async function locate(
  dataset: StandardDataset,
  file: DatasetFile,
  { dataDirectory, cacheDirectory }: ResolveOptions,
): Promise<ResolvedFile | undefined> {
  if (dataset.task === 'forecasting' && dataset.bundled) {
    return { ...file, path: bundledPath(file.name), origin: 'bundled' };
  }
  if (dataDirectory !== undefined) {
    for (const folder of dataset.folders) {
      const path = join(dataDirectory, folder, file.name);
      if (await isFile(path)) return { ...file, path, origin: 'data directory' };
    }
  }
  if (cacheDirectory !== undefined) {
    const path = place(cacheDirectory, dataset, file);
    if (await isFile(path)) return { ...file, path, origin: 'cache' };
  }
  return undefined;
}

async function fetchFile(
  dataset: StandardDataset,
  file: DatasetFile,
  { dataDirectory, cacheDirectory, download, signal }: ResolveOptions,
): Promise<ResolvedFile> {
  if (file.url !== undefined && download !== undefined && cacheDirectory !== undefined) {
    const path = place(cacheDirectory, dataset, file);
    await downloadFile({
      url: file.url,
      sha256: file.sha256,
      path,
      download,
      ...(signal === undefined ? {} : { signal }),
    });
    return { ...file, path, origin: 'download' };
  }
  const directory = dataDirectory ?? cacheDirectory;
  const where =
    directory === undefined
      ? `pass dataDirectory, a folder that holds ${JSON.stringify(join(dataset.folders[0] ?? '', file.name))}`
      : `put it at ${JSON.stringify(place(directory, dataset, file))}`;
  const fetching = file.url === undefined ? '' : ', or pass cacheDirectory and download to have it fetched';
  throw new PatchBertError(
    'datasets/missing-file',
    `resolveDataset: ${JSON.stringify(dataset.name)} needs the file ${JSON.stringify(file.name)} from ${file.url ?? dataset.homepage}; ${where}${fetching}.`,
  );
}

function place(directory: string, dataset: StandardDataset, file: DatasetFile): string {
  return join(directory, dataset.folders[0] ?? '', file.name);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
