import { type Frame, readCsv, type Split } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { loadBundled } from './bundled/load-bundled.ts';
import type { ForecastingDataset } from './registry/dataset.ts';
import { datasetSplit } from './registry/dataset-split.ts';
import { findDataset } from './registry/standard-datasets.ts';
import { describeFile, type SourceFile } from './resolve/describe-file.ts';
import { type ResolveOptions, resolveDataset } from './resolve/resolve-dataset.ts';

/** Where the numbers came from: for a receipt. */
export interface DatasetSource {
  readonly name: string;
  readonly title: string;
  readonly licence: string;
  readonly citation: string;
  readonly homepage: string;
  readonly files: readonly SourceFile[];
}

export interface OpenedForecastingDataset {
  readonly dataset: ForecastingDataset;
  readonly frame: Frame;
  /** The published train, validation and test rows. */
  readonly split: Split;
  readonly source: DatasetSource;
}

/**
 * Reads a forecasting data set by name, with its published split and where it came from.
 *
 * A file in your data directory may differ from the known copies (`known: false`) as long as its shape is
 * right; a file in the cache may not. Rows are kept as they stand, repeated time stamps included.
 *
 * @throws PatchBertError as `resolveDataset` and `readCsv`; `datasets/not-forecasting`,
 * `datasets/unexpected-shape`, `datasets/wrong-hash`.
 * @example
 * const { frame, split } = await openForecastingDataset('ETTh1', { dataDirectory: 'data' });
 */
export async function openForecastingDataset(
  name: string,
  options: ResolveOptions = {},
): Promise<OpenedForecastingDataset> {
  const dataset = findDataset(name);
  if (dataset.task !== 'forecasting') {
    throw new PatchBertError(
      'datasets/not-forecasting',
      `openForecastingDataset: ${JSON.stringify(name)} is a classification set of the ${dataset.archive} archive; use openClassificationDataset.`,
    );
  }
  const { files } = await resolveDataset(name, options);
  const described = await Promise.all(files.map((file) => describeFile('openForecastingDataset', file)));
  const frame = dataset.bundled ? await loadBundled() : await readCsv(files[0]!.path, { timeOrder: 'any' });
  if (frame.length !== dataset.rows || frame.channels.length !== dataset.channels) {
    throw new PatchBertError(
      'datasets/unexpected-shape',
      `openForecastingDataset: ${JSON.stringify(files[0]!.path)} has ${frame.length} rows of ${frame.channels.length} channels, ${name} has ${dataset.rows} of ${dataset.channels}; is it the file of another data set? Expected the one from ${files[0]!.url ?? dataset.homepage}.`,
    );
  }
  const { title, licence, citation, homepage } = dataset;
  return {
    dataset,
    frame,
    split: datasetSplit(dataset, frame.length),
    source: { name, title, licence, citation, homepage, files: described },
  };
}
