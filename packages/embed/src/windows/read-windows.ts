import type { Panel } from '@patchbert/data';
import type { EmbeddingWindows } from './embedding-windows.ts';

/** Some windows as they enter a step, channel by channel: row `w * channels + c` is channel `c` of window `w`. */
export interface RawWindows {
  readonly rows: number;
  /** `[rows * contextLength]`, 0 at missing points. */
  readonly values: Float32Array;
  /** `[rows * contextLength]`, 1 where a value was measured. */
  readonly observed: Float32Array;
}

/** Reads `count` windows from `first` on; what lies before a recording is missing. */
export function readWindows(
  { frame, segments }: Panel,
  windows: EmbeddingWindows,
  contextLength: number,
  first: number,
  count: number,
): RawWindows {
  const channels = frame.columns.length;
  const rows = count * channels;
  const values = new Float32Array(rows * contextLength);
  const observed = new Float32Array(rows * contextLength);
  for (let w = 0; w < count; w++) {
    const start = windows.start[first + w]!;
    const { start: offset, end } = segments[windows.recording[first + w]!]!;
    const absent = Math.max(0, -start);
    const from = offset + Math.max(0, start);
    const to = Math.min(end, from + contextLength - absent);
    frame.columns.forEach((column, c) => {
      let at = (w * channels + c) * contextLength + absent;
      for (let row = from; row < to; row++, at++) {
        const value = column[row]!;
        if (Number.isNaN(value)) continue;
        values[at] = value;
        observed[at] = 1;
      }
    });
  }
  return { rows, values, observed };
}
