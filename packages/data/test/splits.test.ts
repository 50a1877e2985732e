import {
  borderSplit,
  contextStart,
  createFrame,
  ettSplit,
  gridWindowCount,
  ratioSplit,
  splitFrame,
  windowCount,
  windowGrid,
  windowStart,
} from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('the ETT borders', () => {
  test.each([1, 4] as const)('12, 4 and 4 months of 30 days at %s rows per hour', (k) => {
    const { train, validation, test: last } = ettSplit(k, 17_420 * k);
    expect(train).toEqual({ start: 0, end: 8_640 * k });
    expect(validation).toEqual({ start: 8_640 * k, end: 11_520 * k });
    expect(last).toEqual({ start: 11_520 * k, end: 14_400 * k });
  });

  test.each([
    [1, 96, 2785],
    [1, 720, 2161],
    [4, 96, 11_425],
    [4, 720, 10_801],
  ] as const)('%s rows per hour, horizon %s: %s test windows, whatever the context', (k, horizon, count) => {
    const split = ettSplit(k, 17_420 * k);
    for (const contextLength of [96, 336, 512]) {
      const grid = windowGrid(split.test, { windowLength: contextLength + horizon, contextLength });
      expect(gridWindowCount(grid)).toBe(count);
      expect(count).toBe(2880 * k - horizon + 1);
    }
  });

  test('training and validation windows at context 512, horizon 96', () => {
    const split = ettSplit(1, 17_420);
    expect(windowCount(split.train.end, 608)).toBe(8033);
    const validation = windowGrid(split.validation, { windowLength: 608, contextLength: 512 });
    expect(windowStart(validation, 0)).toBe(8128);
    expect(gridWindowCount(validation)).toBe(2785);
  });

  test('an hourly split refuses a quarter-hourly file, and the other way round', () => {
    expect(() => ettSplit(1, 69_680)).toThrow('69680 rows look like a quarter-hourly ETTm file');
    expect(() => ettSplit(4, 17_420)).toThrow('17420 rows are fewer than the 57600 of 20 months');
  });
});

describe('ratios', () => {
  test.each([
    [52_696, 36_887, 5_270, 10_539],
    [26_304, 18_412, 2_632, 5_260],
    [17_544, 12_280, 1_756, 3_508],
    [7_588, 5_311, 760, 1_517],
    [966, 676, 97, 193],
  ])(
    '%s rows are cut into %s, %s and %s, as the published loaders cut them',
    (length, train, validation, last) => {
      const split = ratioSplit(length);
      expect(split.train.end - split.train.start).toBe(train);
      expect(split.validation.end - split.validation.start).toBe(validation);
      expect(split.test.end - split.test.start).toBe(last);
    },
  );

  test('parts touch, never overlap, and cover every row', () => {
    const share = fc.double({ min: 0.05, max: 0.45, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1_000_000 }), share, share, (length, train, validation) => {
        const split = ratioSplit(length, { train, validation });
        expect(split.train.start).toBe(0);
        expect(split.train.end).toBe(split.validation.start);
        expect(split.validation.end).toBe(split.test.start);
        expect(split.test.end).toBe(length);
      }),
      { seed: 3 },
    );
  });

  test.each([
    [100, { train: 0.9, validation: 0.1 }],
    [100, { train: 0, validation: 0.5 }],
    [100, { train: Number.NaN }],
    [3, {}],
    [0, {}],
  ])('%s rows with %o are refused', (length, ratios) => {
    expect(() => ratioSplit(length, ratios)).toThrow(expect.objectContaining({ code: 'data/bad-split' }));
  });
});

test('borders must ascend', () => {
  expect(() => borderSplit({ trainEnd: 5, validationEnd: 5, testEnd: 9 })).toThrow(
    'expected whole numbers with',
  );
  expect(() => borderSplit({ start: -1, trainEnd: 5, validationEnd: 6, testEnd: 9 })).toThrow(
    'borders -1, 5, 6, 9',
  );
  expect(borderSplit({ start: 2, trainEnd: 5, validationEnd: 6, testEnd: 9 }).train).toEqual({
    start: 2,
    end: 5,
  });
});

test('validation and test frames begin a context early, training never does', () => {
  const frame = createFrame({
    name: 'x',
    channels: ['a'],
    columns: [Float32Array.from({ length: 100 }, (_, i) => i)],
  });
  const parts = splitFrame(frame, ratioSplit(100), { contextLength: 12 });
  expect([parts.train, parts.validation, parts.test].map((part) => part.columns[0]![0])).toEqual([0, 58, 68]);
  expect([parts.train, parts.validation, parts.test].map((part) => part.columns[0]!.at(-1))).toEqual([
    69, 79, 99,
  ]);
  expect(contextStart({ start: 5, end: 9 }, 512)).toBe(0);
  expect(() => splitFrame(frame, ettSplit(1, 17_420))).toThrow('rows 0 to 8640 do not fit');
});
