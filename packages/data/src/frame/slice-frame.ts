import { createFrame, type Frame } from './frame.ts';
import { checkRows, type Rows } from './rows.ts';

/**
 * The rows `start` up to, but not including, `end`; the columns are views, nothing is copied.
 *
 * @throws PatchBertError `data/bad-rows` when the range is empty or leaves the frame.
 * @example
 * const firstDay = sliceFrame(frame, { start: 0, end: 24 });
 */
export function sliceFrame(frame: Frame, rows: Rows): Frame {
  checkRows('sliceFrame', rows, frame.length);
  return createFrame({
    ...frame,
    columns: frame.columns.map((column) => column.subarray(rows.start, rows.end)),
    ...(frame.times === undefined ? {} : { times: frame.times.subarray(rows.start, rows.end) }),
  });
}
