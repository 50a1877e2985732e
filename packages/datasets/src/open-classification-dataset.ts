import { join } from 'node:path';
import { readSeriesSet, type SeriesSet, type TargetKind } from '@patchbert/data';
import { didYouMean, PatchBertError, quote } from '@patchbert/errors';
import { bundledPath } from './bundled/bundled-path.ts';
import { readBundledSeries } from './bundled/read-bundled-series.ts';
import type { ClassificationDataset } from './registry/dataset.ts';
import { standardDatasets } from './registry/standard-datasets.ts';
import { describeFile, type SourceFile } from './resolve/describe-file.ts';
import {
  type ClassificationFiles,
  findClassificationFiles,
  looseName,
} from './resolve/find-classification-files.ts';
import { requireDirectory } from './resolve/resolve-dataset.ts';

export interface OpenClassificationOptions {
  /** A folder of yours with data sets in it; only read. */
  readonly dataDirectory?: string;
  /** Another folder to look in. */
  readonly cacheDirectory?: string;
  /** Default: what the files declare. */
  readonly target?: TargetKind;
}

export interface OpenedClassificationDataset {
  readonly name: string;
  readonly task: 'classification' | 'regression';
  readonly train: SeriesSet;
  readonly test: SeriesSet;
  /** Of a set that the registry knows; `unknown` where no statement of the source is known. */
  readonly licence?: string;
  readonly citation?: string;
  readonly homepage?: string;
  /** Train, then test. */
  readonly files: readonly SourceFile[];
}

const classificationSets = standardDatasets.filter(
  (dataset): dataset is ClassificationDataset => dataset.task === 'classification',
);

/**
 * Reads the train and test series of a set by name: any whose `<name>_TRAIN` and `<name>_TEST` files (`.ts`, `.tsv`, `.arff`, `.txt`) lie in a
 * data directory, at the top, below `ucr/` or `uea/`, or there in a folder of its name. Names are compared without case, hyphens and
 * underscores. `JapaneseVowels` is there without any folder: it comes with this package (CC BY 4.0,
 * Kudo, Toyama, Shimbo 1999, https://doi.org/10.24432/C5NS47).
 *
 * @throws PatchBertError `datasets/missing-file`, `datasets/unknown-dataset`, `datasets/not-classification`,
 * `datasets/no-data-directory`, `datasets/unexpected-shape` when train and test have different channels, `datasets/wrong-hash`,
 * `datasets/damaged-package`; as `readSeriesSet`.
 * @example
 * const { train, test } = await openClassificationDataset('JapaneseVowels');
 * const gunPoint = await openClassificationDataset('GunPoint', { dataDirectory: 'data' }); // data/ucr/GunPoint/GunPoint_TRAIN.tsv
 */
export async function openClassificationDataset(
  name: string,
  options: OpenClassificationOptions = {},
): Promise<OpenedClassificationDataset> {
  const { dataDirectory, cacheDirectory, target } = options;
  await requireDirectory('openClassificationDataset', dataDirectory);
  const known = classificationSets.find((dataset) => looseName(dataset.name) === looseName(name));
  const seen = { halves: [] as string[], names: [] as string[] };
  for (const [directory, origin] of [
    [dataDirectory, 'data directory'],
    [cacheDirectory, 'cache'],
  ] as const) {
    if (directory === undefined) continue;
    const { pairs, halves, names } = await findClassificationFiles(directory, name);
    if (pairs[0] !== undefined) return openFiles(pairs[0], known, origin, target);
    seen.halves.push(...halves);
    seen.names.push(...names);
  }
  if (known?.bundledFiles !== undefined) return openBundled(known);
  throw notFound(name, known, seen, dataDirectory ?? cacheDirectory);
}

async function openFiles(
  { name, train, test }: ClassificationFiles,
  known: ClassificationDataset | undefined,
  origin: 'data directory' | 'cache',
  target: TargetKind | undefined,
): Promise<OpenedClassificationDataset> {
  const paths = [train, test];
  const sets = [];
  for (const path of paths) {
    sets.push(
      await readSeriesSet(path, {
        ...(target !== undefined && { target }),
        // Files of the archive have a label in every line, whether it is read or not.
        ...(/\.(tsv|txt)$/i.test(path) && { format: 'ucr' }),
      }),
    );
  }
  const hashes = [known?.files, ...(known?.alternativeFiles ?? [])].flatMap((files) => files ?? []);
  const files = await Promise.all(
    paths.map((path) => {
      const file = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
      const sha256 = hashes.find((one) => one.name === file)?.sha256 ?? [];
      // Nothing was stored in the cache by this package: a file there is one of the user's too.
      return describeFile('openClassificationDataset', {
        name: file,
        path,
        origin: 'data directory',
        sha256,
      });
    }),
  );
  return opened(
    known?.name ?? name,
    known,
    sets,
    files.map((file) => ({ ...file, origin })),
  );
}

async function openBundled(known: ClassificationDataset): Promise<OpenedClassificationDataset> {
  const bundled = known.bundledFiles!;
  const files = await Promise.all(
    bundled.map(({ name, sha256 }) =>
      describeFile('openClassificationDataset', { name, path: bundledPath(name), origin: 'bundled', sha256 }),
    ),
  );
  const sets = await Promise.all(bundled.map(({ name }) => readBundledSeries(name)));
  return opened(known.name, known, sets, files);
}

function opened(
  name: string,
  known: ClassificationDataset | undefined,
  [train, test]: readonly SeriesSet[],
  files: readonly SourceFile[],
): OpenedClassificationDataset {
  if (train!.channels.length !== test!.channels.length) {
    throw new PatchBertError(
      'datasets/unexpected-shape',
      `openClassificationDataset: the train file of ${name} has ${train!.channels.length} channels, its test file ${test!.channels.length}; expected the same. Are they of one set?`,
    );
  }
  return {
    name,
    task: train!.targets === undefined ? 'classification' : 'regression',
    train: train!,
    test: test!,
    ...(known && { licence: known.licence, citation: known.citation, homepage: known.homepage }),
    files,
  };
}

function notFound(
  name: string,
  known: ClassificationDataset | undefined,
  { halves, names }: { readonly halves: readonly string[]; readonly names: readonly string[] },
  directory: string | undefined,
): PatchBertError {
  const fail = (code: string, problem: string) =>
    new PatchBertError(code, `openClassificationDataset: ${problem}`);
  const shown = quote(name);
  if (halves.length > 0) {
    const found = JSON.stringify(halves[0]);
    return fail(
      'datasets/missing-file',
      `${shown} needs a train and a test file in one folder and format; there is only ${found}.`,
    );
  }
  if (known !== undefined) {
    const file = known.files[0]!.name;
    const where =
      directory === undefined
        ? `pass dataDirectory, a folder that holds ${JSON.stringify(join(known.folders[0]!, file))}`
        : `put it at ${JSON.stringify(join(directory, known.folders[0]!, file))}`;
    return fail(
      'datasets/missing-file',
      `${known.name} needs the file ${JSON.stringify(file)} from ${known.homepage}, and its test file; ${where}.`,
    );
  }
  const series = standardDatasets.find((dataset) => looseName(dataset.name) === looseName(name));
  if (series !== undefined) {
    return fail(
      'datasets/not-classification',
      `${series.name} is one long series without classes; use openForecastingDataset.`,
    );
  }
  const here = [...new Set(names)];
  const candidates = [...here, ...classificationSets.map((dataset) => dataset.name)];
  const listed =
    here.length === 0
      ? ''
      : ` The data directory has ${here.slice(0, 12).join(', ')}${here.length > 12 ? ', ...' : ''}.`;
  const hint =
    didYouMean(name.slice(0, 100), candidates) ||
    `${listed} Known: JapaneseVowels, which is bundled, and the names of the UCR and UEA archives.`;
  return fail('datasets/unknown-dataset', `there is no data set ${shown}.${hint}`);
}
