import { createFrame, type Frame } from '../frame/frame.ts';
import { createPanel, type Panel } from '../frame/panel.ts';
import type { RowIds } from './id-column.ts';

/** Two rows of one recording with the same time, by their place in the table, counted from 0. */
export interface DuplicateRows {
  readonly id: string;
  readonly time: number;
  readonly rows: readonly [number, number];
}

/**
 * Turns a long table into a panel: rows with the same id become one recording, sorted by time (as they stand without
 * times); recordings come in the order of their first rows.
 *
 * @param onDuplicate makes the error for two rows of a recording with the same time.
 */
export function groupRecordings(
  table: Frame,
  { names, codes }: RowIds,
  onDuplicate: (duplicate: DuplicateRows) => Error,
): Panel {
  const { order, ends } = orderByCode(codes, names.length);
  const { times } = table;
  const segments = names.map((id, code) => ({
    id,
    start: code === 0 ? 0 : ends[code - 1]!,
    end: ends[code]!,
  }));
  for (const { id, start, end } of segments) {
    if (times === undefined) continue;
    const rows = order.subarray(start, end);
    if (!isAscending(rows, times)) rows.sort((a, b) => times[a]! - times[b]! || a - b);
    for (let i = 1; i < rows.length; i++) {
      const [before, row] = [rows[i - 1]!, rows[i]!];
      if (times[row] === times[before]) throw onDuplicate({ id, time: times[row]!, rows: [before, row] });
    }
  }
  const isSorted = order.every((row, i) => row === i);
  const frame = isSorted
    ? table
    : createFrame({
        ...table,
        columns: table.columns.map((column) => Float32Array.from(order, (row) => column[row]!)),
        ...(times && { times: Float64Array.from(order, (row) => times[row]!) }),
      });
  return createPanel(frame, segments);
}

/** Row numbers by code, those of one code in their order (a counting sort), and where each code's end. */
function orderByCode(codes: Int32Array, count: number): { order: Uint32Array; ends: Uint32Array } {
  const ends = new Uint32Array(count);
  for (const code of codes) ends[code]!++;
  for (let code = 1; code < count; code++) ends[code]! += ends[code - 1]!;
  const next = Uint32Array.from(ends, (_, code) => (code === 0 ? 0 : ends[code - 1]!));
  const order = new Uint32Array(codes.length);
  codes.forEach((code, row) => {
    order[next[code]!++] = row;
  });
  return { order, ends };
}

function isAscending(rows: Uint32Array, times: Float64Array): boolean {
  for (let i = 1; i < rows.length; i++) {
    if (!(times[rows[i]!]! >= times[rows[i - 1]!]!)) return false;
  }
  return true;
}
