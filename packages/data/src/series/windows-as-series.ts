import { PatchBertError } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import type { Panel } from '../frame/panel.ts';
import { createSeriesSet, type Series, type SeriesSet } from './series-set.ts';

/** More typed arrays than these take more memory than the values they show. */
const MOST_VIEWS = 2 ** 22;

export interface WindowsAsSeriesOptions {
  /** Points of a window. */
  readonly length: number;
  /** Points from the start of a window to the start of the next; default `length`: windows touch, none overlap. */
  readonly stride?: number;
}

/**
 * Windows of long recordings as series without labels, all channels together, for pretraining. Rows after the last whole window
 * of a recording, and windows without any value, are left out. Values are shared, not copied.
 *
 * @throws PatchBertError `data/bad-window` for a length or stride that is no whole number of 1 or more, when no window has a value,
 * or for more than 4,194,304 windows times channels.
 * @example
 * const set = windowsAsSeries(panelOf(frame), { length: 128, stride: 64 });
 */
export function windowsAsSeries(
  { frame, segments }: Panel,
  { length, stride = length }: WindowsAsSeriesOptions,
): SeriesSet {
  const fail = (problem: string): never => {
    throw new PatchBertError('data/bad-window', `windowsAsSeries: ${problem}`);
  };
  for (const [name, value] of Object.entries({ length, stride })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      fail(`${name} is ${value}; expected a whole number, 1 or more.`);
    }
  }
  const count = segments.reduce(
    (sum, { start, end }) => sum + Math.max(0, Math.floor((end - start - length) / stride) + 1),
    0,
  );
  if (count * frame.channels.length > MOST_VIEWS) {
    fail(`${count} windows of ${frame.channels.length} channels are too many; use a larger stride.`);
  }
  const series: Series[] = [];
  for (const { id, start, end } of segments) {
    for (let row = start; row + length <= end; row += stride) {
      const values = frame.columns.map((column) => column.subarray(row, row + length));
      if (values.every((channel) => channel.every(Number.isNaN))) continue;
      series.push({ id: `${id} from row ${row - start}`, values });
    }
  }
  if (series.length === 0) {
    fail(
      `no window of ${length} rows with a value fits the recordings of ${showText(frame.name)}; use a shorter length.`,
    );
  }
  return createSeriesSet({ name: frame.name, channels: frame.channels, series });
}
