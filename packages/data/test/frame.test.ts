import { createFrame, describeFrame, type Frame, selectChannels, sliceFrame } from '@patchbert/data';
import { describe, expect, test } from 'vitest';

const hour = 3_600_000;
const frame = createFrame({
  name: 'demo',
  channels: ['load', 'oil'],
  columns: [Float32Array.of(1, Number.NaN, 3, 8), Float32Array.of(5, 6, 7, 8)],
  times: Float64Array.of(0, hour, 2 * hour, 4 * hour),
  timeColumn: 'date',
});

test('a slice is a view of the rows asked for', () => {
  const slice = sliceFrame(frame, { start: 1, end: 3 });
  expect(slice.length).toBe(2);
  expect([...slice.columns[1]!]).toEqual([6, 7]);
  expect([...slice.times!]).toEqual([hour, 2 * hour]);
  expect(slice.columns[0]!.buffer).toBe(frame.columns[0]!.buffer);
});

test.each([
  [-1, 2],
  [2, 2],
  [3, 1],
  [0, 5],
  [0.5, 2],
  [Number.NaN, 2],
])('rows %s to %s are refused', (start, end) => {
  expect(() => sliceFrame(frame, { start, end })).toThrow(`rows ${start} to ${end} do not fit`);
});

test('channels are selected in the order given; a misspelt one is named with the nearest', () => {
  expect(selectChannels(frame, ['oil', 'load']).channels).toEqual(['oil', 'load']);
  expect(() => selectChannels(frame, ['Laod'])).toThrow('there is no channel "Laod". Did you mean "load"?');
  expect(() => selectChannels(frame, [])).toThrow('has no channel');
});

test('a description counts what is there and what is missing', () => {
  expect(describeFrame(frame)).toEqual({
    rows: 4,
    channels: [
      { name: 'load', missing: 1, minimum: 1, maximum: 8, mean: 4 },
      { name: 'oil', missing: 0, minimum: 5, maximum: 8, mean: 6.5 },
    ],
    firstTime: '1970-01-01T00:00:00.000Z',
    lastTime: '1970-01-01T04:00:00.000Z',
    intervalSeconds: 3600,
    irregularSteps: 1,
  });
});

test('a description of one row, and of a channel without values', () => {
  const empty = createFrame({
    name: 'x',
    channels: ['a'],
    columns: [Float32Array.of(Number.NaN)],
    times: Float64Array.of(0),
  });
  const described = describeFrame(empty);
  expect(described.channels[0]).toEqual({
    name: 'a',
    missing: 1,
    minimum: Number.NaN,
    maximum: Number.NaN,
    mean: Number.NaN,
  });
  expect(described.intervalSeconds).toBeUndefined();
});

describe('what is not a frame', () => {
  const parts = { name: 'x', channels: ['a'], columns: [Float32Array.of(1, 2)] };
  test.each<[string, Partial<Frame>, string]>([
    ['no channel', { channels: [], columns: [] }, 'has no channel'],
    ['a column too few', { channels: ['a', 'b'] }, 'has 1 columns for 2 channels'],
    [
      'a repeated name',
      { channels: ['a', 'a'], columns: [Float32Array.of(1), Float32Array.of(1)] },
      'two channels named "a"',
    ],
    [
      'columns of other lengths',
      { channels: ['a', 'b'], columns: [Float32Array.of(1), Float32Array.of(1, 2)] },
      'channel "b" has 2 values; expected 1',
    ],
    ['no row', { columns: [new Float32Array(0)] }, 'has no row'],
    ['an infinite value', { columns: [Float32Array.of(1, -1 / 0)] }, 'channel "a" row 1 is -Infinity'],
    ['too few times', { times: Float64Array.of(1) }, 'has 1 times for 2 rows'],
    ['a time that is no number', { times: Float64Array.of(1, Number.NaN) }, 'time of row 1 is NaN'],
  ])('%s', (_, change, problem) => {
    expect(() => createFrame({ ...parts, ...change })).toThrow(problem);
  });
});

test('a frame cannot be changed from outside', () => {
  expect(Object.isFrozen(frame) && Object.isFrozen(frame.channels) && Object.isFrozen(frame.columns)).toBe(
    true,
  );
});
