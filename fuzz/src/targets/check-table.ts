import type { Frame, Panel, SeriesSet } from '@patchbert/data';

/** Whether values are numbers that a model may see: finite, or NaN for missing. */
function requireValues(values: ArrayLike<number>, what: string): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value) && !Number.isNaN(value)) throw new Error(`${what} holds ${value}`);
  }
}

/** Throws unless a frame has channels of equal lengths with finite or missing values, and no more of them than its bytes could hold. */
export function checkFrame({ channels, columns, times, length }: Frame, bytes: Uint8Array): void {
  if (channels.length === 0 || columns.length !== channels.length || length === 0) {
    throw new Error('the frame has no values');
  }
  if (new Set(channels).size < channels.length) throw new Error('the frame has a channel twice');
  columns.forEach((column, c) => {
    if (column.length !== length) throw new Error(`channel ${c} has another length`);
    requireValues(column, `channel ${c}`);
  });
  requireSize(length * channels.length, bytes);
  if (times === undefined) return;
  if (times.length !== length || times.some((time) => !Number.isFinite(time))) {
    throw new Error('the frame has a time that is none');
  }
}

/** Throws unless segments cover rows of their frame without overlap, each with a name of its own. */
export function checkPanel({ frame, segments }: Panel, bytes: Uint8Array): void {
  checkFrame(frame, bytes);
  let end = 0;
  for (const segment of segments) {
    if (segment.start !== end || segment.end <= segment.start) throw new Error('segments leave gaps');
    end = segment.end;
  }
  if (end !== frame.length) throw new Error('segments do not cover the frame');
  if (new Set(segments.map(({ id }) => id)).size < segments.length) throw new Error('a segment comes twice');
}

/** Throws unless all series have the same channels, two points or more, and one answer each. */
export function checkSeries({ channels, series, labels, targets }: SeriesSet, bytes: Uint8Array): void {
  if (series.length === 0 || channels.length === 0) throw new Error('the set is empty');
  let count = 0;
  for (const { values } of series) {
    if (values.length !== channels.length) throw new Error('a series has other channels');
    const length = values[0]!.length;
    if (length < 2 || values.some((channel) => channel.length !== length)) throw new Error('uneven channels');
    values.forEach((channel) => {
      requireValues(channel, 'a series');
    });
    count += length * values.length;
  }
  requireSize(count, bytes);
  if (labels && (labels.length !== series.length || labels.includes('')))
    throw new Error('a label is missing');
  if (!targets) return;
  requireValues(targets, 'the targets');
  if (targets.length !== series.length || targets.some(Number.isNaN)) throw new Error('a target is missing');
}

/** Short channels are filled up to the longest, and pages may repeat a value: never more than the square of the bytes. */
function requireSize(values: number, bytes: Uint8Array): void {
  if (values > Math.max(64, bytes.length ** 2)) {
    throw new Error(`${bytes.length} bytes became ${values} values`);
  }
}
