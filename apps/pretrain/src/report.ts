import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenedData } from '@patchbert/command-line';
import { summariseRun } from '@patchbert/train';
import { capitalised, methodNames } from './error-table.ts';

/** Writes `report.html` into the folder of a finished run; returns its path. */
export async function writeReport(runFolder: string, { title, units }: OpenedData): Promise<string> {
  // Charts take half of the program's start; only a finished run needs them.
  const { renderPretrainReport } = await import('@patchbert/report');
  const run = await summariseRun(runFolder);
  const page = renderPretrainReport({
    ...run,
    title,
    errors: run.errors.map((error) => ({
      ...error,
      method: capitalised(methodNames[error.method] ?? error.method),
    })),
    gallery: run.gallery.map(({ channel, ...window }) => {
      const unit = units?.[channel];
      return { ...window, title: windowTitle(channel, window.times), ...(unit !== undefined && { unit }) };
    }),
  });
  const path = join(runFolder, 'report.html');
  await writeFile(path, page);
  return path;
}

function windowTitle(channel: string, times: readonly number[] | undefined): string {
  const first = times?.[0];
  return first === undefined ? channel : `${channel}, from ${new Date(first).toISOString().slice(0, 10)}`;
}
