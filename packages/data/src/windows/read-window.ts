import { PatchBertError } from '@patchbert/errors';
import type { Frame } from '../frame/frame.ts';

/**
 * Copies `length` rows of one channel, from row `start` on, to `into` at `offset`; missing values stay NaN.
 *
 * @param channel index of the channel.
 * @param into a batch, such as `[series * length]`.
 * @throws PatchBertError `data/bad-window` when the window leaves the frame or the target.
 * @example
 * readWindow(frame, 0, 100, 512, batch, series * 512);
 */
export function readWindow(
  frame: Frame,
  channel: number,
  start: number,
  length: number,
  into: Float32Array,
  offset: number,
): void {
  const column = frame.columns[channel];
  const fits =
    column !== undefined && isRange(start, length, frame.length) && isRange(offset, length, into.length);
  if (!fits) {
    throw new PatchBertError(
      'data/bad-window',
      `readWindow: channel ${channel}, rows ${start} to ${start + length}, target from ${offset} does not fit ${frame.channels.length} channels of ${frame.length} rows and a target of ${into.length}.`,
    );
  }
  into.set(column.subarray(start, start + length), offset);
}

function isRange(start: number, length: number, limit: number): boolean {
  return (
    Number.isSafeInteger(start) &&
    Number.isSafeInteger(length) &&
    start >= 0 &&
    length >= 0 &&
    start + length <= limit
  );
}
