import {
  createFrame,
  gridWindowCount,
  readWindow,
  windowCount,
  windowGrid,
  windowStart,
} from '@patchbert/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('the count equals enumerating the windows one by one', () => {
  const size = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 200 }), size, size, (rows, windowLength, stride) => {
      let enumerated = 0;
      for (let start = 0; start + windowLength <= rows; start += stride) enumerated++;
      expect(windowCount(rows, windowLength, stride)).toBe(enumerated);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('every window of a grid lies inside it and the last one could not be followed by another', () => {
  const grid = windowGrid({ start: 10, end: 47 }, { windowLength: 8, stride: 3, contextLength: 4 });
  const count = gridWindowCount(grid);
  expect(windowStart(grid, 0)).toBe(6);
  const last = windowStart(grid, count - 1);
  expect(last + 8).toBeLessThanOrEqual(47);
  expect(last + 3 + 8).toBeGreaterThan(47);
  expect(() => windowStart(grid, count)).toThrow(`there is no window ${count}`);
  expect(() => windowStart(grid, -1)).toThrow('there is no window -1');
});

test('a part shorter than a window is refused with the numbers', () => {
  expect(() => windowGrid({ start: 0, end: 5 }, { windowLength: 6 })).toThrow(
    'rows 0 to 5 hold no window of 6 rows',
  );
  expect(windowCount(5, 6)).toBe(0);
  expect(() => windowCount(5, 0)).toThrow('windowLength is 0; expected a whole number, 1 or more.');
  expect(() => windowCount(5, 1, 0)).toThrow('stride is 0');
  expect(() => windowGrid({ start: 0, end: 5 }, { windowLength: 2, contextLength: -1 })).toThrow(
    'contextLength is -1',
  );
});

test('a window is copied byte for byte to its place', () => {
  const frame = createFrame({
    name: 'x',
    channels: ['a', 'b'],
    columns: [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, Number.NaN, 7, 8)],
  });
  const into = new Float32Array(5);
  readWindow(frame, 1, 1, 3, into, 2);
  expect([...into]).toEqual([0, 0, Number.NaN, 7, 8]);
  for (const [channel, start, length, offset] of [
    [2, 0, 1, 0],
    [0, 2, 3, 0],
    [0, -1, 2, 0],
    [0, 0, 3, 3],
    [0, 0.5, 1, 0],
  ] as const) {
    expect(() => readWindow(frame, channel, start, length, into, offset)).toThrow('does not fit');
  }
});
