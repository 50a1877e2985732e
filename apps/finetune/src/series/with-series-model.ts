import { extname } from 'node:path';
import { type LoadedClassifier, loadClassifier } from '@patchbert/classify';
import {
  chooseBackend,
  type DataFlags,
  defined,
  type OpenedSeries,
  openSeries,
  type TableFlags,
  usageError,
} from '@patchbert/command-line';
import type { SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { MachineFlags } from '../flags/machine-flags.ts';
import type { SeriesInputFlags } from '../flags/series-input-flags.ts';
import type { Session } from '../run/session.ts';
import { withBackend } from '../run/with-backend.ts';
import { refuseFlags } from './model-kind.ts';
import { readSeriesData } from './series-config-file.ts';
import type { SeriesData } from './series-settings.ts';

/** Flags of the commands that use a model of whole series. */
export type SeriesUseFlags = DataFlags &
  TableFlags &
  SeriesInputFlags &
  Pick<MachineFlags, 'backend' | 'threads'>;

/** What is asked of the series: their classes or values too, or nothing but their points. */
export type SeriesUse = 'score' | 'predict';

/**
 * Loads the classifier or regressor of a folder, opens the series that the flags name, or the test series of the fit, and
 * does `work` with both.
 */
export async function withSeriesModel(
  model: string,
  flags: SeriesUseFlags,
  use: SeriesUse,
  session: Session,
  work: (model: LoadedClassifier, series: SeriesSet) => Promise<void>,
): Promise<void> {
  const chosen = await chooseBackend({ typed: flags.backend });
  refuseFlags(
    flags,
    ['channels', 'header', 'timeOrder', 'regularTimes'],
    `"${model}" predicts of whole series, not of long recordings`,
  );
  await withBackend(chosen, flags.threads, session, async (backend) => {
    const loaded = await loadClassifier(model, backend);
    try {
      const kind = loaded.file.target.kind === 'class' ? 'label' : 'value';
      const data = await dataOf(model, flags, use);
      const target = use === 'score' ? kind : 'none';
      const opened = await inUseFlags(() =>
        openSeries({ ...data, target }, defined({ dataDirectory: flags.dataDir })),
      );
      const series = seriesOf(opened);
      const message = loaded.longerText(series);
      if (message !== undefined) session.onEvent({ type: 'warning', message });
      await work(loaded, series);
    } finally {
      loaded.dispose();
    }
  });
}

/** What flags name, read as the fit read its files unless flags say otherwise; without any, the data of the fit. */
async function dataOf(model: string, flags: SeriesUseFlags, use: SeriesUse): Promise<SeriesData> {
  const { idColumn, labelColumn, targetColumn, timeColumn, delimiter, seriesFormat } = flags;
  const reading = {
    ...defined({ idColumn, labelColumn, targetColumn, timeColumn, delimiter, format: seriesFormat }),
    ...(flags.valueColumns && { valueColumns: [...flags.valueColumns] }),
  };
  const fitted = await readSeriesData(model);
  if (flags.data === undefined) {
    if (fitted === undefined) throw usageError('--data is missing: name the file or data set of the series.');
    const { test, train, ...rest } = fitted;
    const known = { ...withLabels(test ?? train ?? fitted.source), ...reading };
    return test === undefined ? { ...fitted, ...known } : { ...rest, source: test, ...known };
  }
  const { source, train = source, test: _test, ...likeFitted } = fitted ?? {};
  // How a file of another format was read says nothing about this one.
  const isAlike = train !== undefined && extname(train).toLowerCase() === extname(flags.data).toLowerCase();
  const { format, ...others } = likeFitted;
  // That lines of the fit began with labels says nothing about these lines, unless labels are wanted.
  const keepsFormat = format !== undefined && (use === 'score' || format !== 'ucr');
  const like = { ...others, ...(keepsFormat && { format }) };
  return { ...(isAlike && like), ...reading, source: flags.data };
}

/** The lines of a UCR file that was fitted or scored begin with labels, whether they are read or not. */
function withLabels(path: string | undefined): { readonly format?: 'ucr' } {
  return /\.(tsv|txt)$/i.test(path ?? '') ? { format: 'ucr' } : {};
}

/** Here `--format` is that of the output. */
async function inUseFlags<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof PatchBertError)) throw error;
    throw new PatchBertError(error.code, error.message.replaceAll('--format to', '--series-format to'));
  }
}

/** The test series where there are some. */
function seriesOf({ test, train }: OpenedSeries): SeriesSet {
  return test ?? train;
}
