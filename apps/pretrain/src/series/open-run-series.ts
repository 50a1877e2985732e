import { open } from 'node:fs/promises';
import { type OpenedSeries, openSeries } from '@patchbert/command-line';
import { createPanel, panelOf, windowsAsSeries } from '@patchbert/data';
import { didYouMean, PatchBertError } from '@patchbert/errors';
import type { SeriesRunChoices } from '@patchbert/series';
import { openSource } from '../data.ts';

/** What a run learns from: the training series of a data set, every series of a file, or windows of long recordings. */
export async function openRunSeries(
  data: SeriesRunChoices['data'],
  dataDirectory: string | undefined,
): Promise<OpenedSeries> {
  if (data.window !== undefined) return openWindows(data, data.window, dataDirectory);
  await requireLabelColumn(data);
  const { window: _window, stride: _stride, ...request } = data;
  return openSeries({ ...request, target: 'none' }, { dataDirectory });
}

async function openWindows(
  data: SeriesRunChoices['data'],
  length: number,
  dataDirectory: string | undefined,
): Promise<OpenedSeries> {
  const { source, format, labelColumn, valueColumns, timeColumn, idColumn, delimiter, stride } = data;
  for (const [flag, value] of [
    ['--format', format],
    ['--label-column', labelColumn],
  ] as const) {
    if (value === undefined) continue;
    const advice = flag === '--label-column' ? ' Name the channels with --value-columns.' : ' Leave it out.';
    throw new PatchBertError(
      'pretrain/windows',
      `${flag} does not go with --window: the file holds long recordings.${advice}`,
    );
  }
  const opened = await openSource(
    { source, channels: valueColumns, timeColumn, idColumn, delimiter },
    dataDirectory,
  );
  const { frame, segments, title, files, licence, citation } = opened;
  const panel = segments === undefined ? panelOf(frame) : createPanel(frame, segments);
  return {
    title,
    train: windowsAsSeries(panel, { length, ...(stride !== undefined && { stride }) }),
    files,
    ...(licence !== undefined && { licence }),
    ...(citation !== undefined && { citation }),
  };
}

/** A misspelt column of labels would be read as a channel. */
async function requireLabelColumn({
  source,
  labelColumn,
  delimiter = ',',
}: SeriesRunChoices['data']): Promise<void> {
  if (labelColumn === undefined) return;
  const header = await firstLine(source);
  const columns = header.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
  if (header === '' || columns.includes(labelColumn)) return;
  const hint =
    didYouMean(labelColumn, columns) ||
    ` Columns: ${columns
      .slice(0, 12)
      .map((name) => name.slice(0, 40))
      .join(', ')}.`;
  throw new PatchBertError('pretrain/label-column', `"${source}" has no column "${labelColumn}".${hint}`);
}

/** Bytes that are looked at for the header. */
const LONGEST_HEADER = 1024 * 1024;

/** Empty for what cannot be read: the reader of the file says why. */
async function firstLine(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HEADER), 0, LONGEST_HEADER, 0);
    const text = buffer.toString('utf8', 0, bytesRead);
    return text.split(/[\r\n]/, 1)[0]!.replace(/^\uFEFF/, '');
  } catch {
    return '';
  } finally {
    await file.close();
  }
}
