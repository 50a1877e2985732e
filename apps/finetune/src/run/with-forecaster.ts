import {
  chooseBackend,
  type DataFlags,
  defined,
  isDatasetName,
  type OpenedData,
  type TableFlags,
  usageError,
} from '@patchbert/command-line';
import { PatchBertError } from '@patchbert/errors';
import { type LoadedForecaster, loadForecaster } from '@patchbert/forecast';
import type { MachineFlags } from '../flags/machine-flags.ts';
import type { SeriesInputFlags } from '../flags/series-input-flags.ts';
import { isSeriesModel, refuseFlags } from '../series/model-kind.ts';
import { insertedRowsText, openSource } from '../source/open-source.ts';
import type { DataConfig } from './forecast-request.ts';
import { readFittedData } from './run-config.ts';
import type { Session } from './session.ts';
import { withBackend } from './with-backend.ts';

/** What `--model` is for, when it is missing. */
export const modelAdvice =
  'name the folder that "patchbert-finetune forecast", "classify" or "regress" wrote';

/**
 * Loads the forecaster of a folder, opens the data the flags name, read as the data it was fitted on unless the flags
 * say otherwise, and does `work` with both and with how they were read.
 */
export async function withForecaster(
  model: string,
  flags: DataFlags & TableFlags & SeriesInputFlags & Pick<MachineFlags, 'backend' | 'threads'>,
  session: Session,
  work: (forecaster: LoadedForecaster, data: OpenedData, read: DataConfig) => Promise<void>,
): Promise<void> {
  const chosen = await chooseBackend({ typed: flags.backend });
  if (await isSeriesModel(model)) {
    throw new PatchBertError(
      'finetune/other-kind',
      `--model "${model}" is a classifier or regressor of whole series; expected a forecaster, as "patchbert-finetune forecast" writes it.`,
    );
  }
  refuseFlags(
    flags,
    ['seriesFormat', 'labelColumn', 'targetColumn', 'valueColumns'],
    `"${model}" is a forecaster of long recordings`,
  );
  await withBackend(chosen, flags.threads, session, async (backend) => {
    const forecaster = await loadForecaster(model, backend);
    const read = await requestOf(model, forecaster, flags);
    const { split: _shares, ...request } = read;
    const opened = await openSource(request, flags.dataDir);
    const inserted = insertedRowsText(opened);
    if (inserted !== undefined) session.onEvent({ type: 'warning', message: inserted });
    await work(forecaster, opened, read);
  });
}

/** What the flags say, and where they say nothing, what the forecaster was fitted on. */
async function requestOf(
  model: string,
  { file }: LoadedForecaster,
  flags: DataFlags & TableFlags,
): Promise<DataConfig> {
  const { data: source, timeColumn, delimiter, timeOrder, header, idColumn, regularTimes } = flags;
  const given = {
    channels: [...(flags.channels ?? file.channels)],
    ...defined({ timeColumn, delimiter, timeOrder, header, idColumn, regularTimes }),
  };
  const fitted = await readFittedData(model);
  if (source === undefined) {
    if (fitted !== undefined) return { ...fitted, ...given };
    throw usageError('--data is missing: name the file or data set to look back on.');
  }
  // How a file was read says nothing about a data set.
  if (isDatasetName(source) && fitted?.source !== source) return { ...given, source };
  return { ...fitted, ...given, source };
}
