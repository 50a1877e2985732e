import { writeFile } from 'node:fs/promises';
import { type SeriesRunChoices, summariseSeriesRun } from '@patchbert/series';
import { runFolderAt } from '@patchbert/train';
import { capitalised, methodNames } from '../error-table.ts';

/** Writes `report.html` into the folder of a finished run; returns its path. */
export async function writeSeriesReport(folder: string, title: string): Promise<string> {
  // Charts take half of the program's start; only a finished run needs them.
  const { renderPretrainReport } = await import('@patchbert/report');
  const run = await summariseSeriesRun(folder);
  const { normalise } = (run.config as SeriesRunChoices).model;
  const errors = run.errors.map(({ scaledError, ...error }) => ({
    ...error,
    // Scaled by the training series, both units are the same.
    ...(normalise !== 'train-set' && { scaledError }),
    method: capitalised(methodNames[error.method] ?? error.method),
  }));
  const gallery = run.gallery.map((window) => ({ ...window, title: capitalised(window.title) }));
  const { report } = runFolderAt(folder);
  await writeFile(report, renderPretrainReport({ ...run, title, errors, gallery }));
  return report;
}
