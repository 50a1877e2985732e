import { applyScaler, createFrame, fitScaler, invertScaler, selectChannels } from '@patchbert/data';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const frameOf = (...columns: number[][]) =>
  createFrame({
    name: 'demo',
    channels: columns.map((_, c) => `c${c}`),
    columns: columns.map((column) => Float32Array.from(column)),
  });

test('mean and population deviation over the present values', () => {
  const scaler = fitScaler(frameOf([1, Number.NaN, 3, 100], [5, 5, 5, 0]), { start: 0, end: 3 });
  expect(scaler).toEqual({ channels: ['c0', 'c1'], mean: [2, 5], scale: [1, 1], rows: { start: 0, end: 3 } });
});

test('poisoning rows outside the fit moves nothing', () => {
  const clean = fitScaler(frameOf([1, 2, 4, 7, 0, 0]), { start: 0, end: 4 });
  const poisoned = fitScaler(frameOf([1, 2, 4, 7, 1e9, -1e9]), { start: 0, end: 4 });
  expect(poisoned).toEqual(clean);
});

test('a large offset does not eat the variance', () => {
  const steps = Array.from({ length: 1000 }, (_, i) => 2 ** 26 + (i % 2) * 8);
  const { mean, scale } = fitScaler(frameOf(steps), { start: 0, end: 1000 });
  expect(mean[0]).toBe(2 ** 26 + 4);
  expect(scale[0]).toBe(4);
});

test.each([[3], [1e30], [-1e-30], [16777217]])('a constant channel of %s scales to zeros', (value) => {
  const frame = frameOf(Array.from({ length: 999 }, () => value));
  const scaled = applyScaler(frame, fitScaler(frame, { start: 0, end: 999 }));
  expect(scaled.columns[0]!.every((x) => x === 0)).toBe(true);
});

test('alternating extremes stay finite', () => {
  const frame = frameOf([3.4e38, -3.4e38, 3.4e38, -3.4e38]);
  const scaled = applyScaler(frame, fitScaler(frame, { start: 0, end: 4 }));
  expect([...scaled.columns[0]!]).toEqual([1, -1, 1, -1]);
});

test('a channel without a value to fit is named', () => {
  const frame = frameOf([1, 2, 3], [Number.NaN, Number.NaN, 3]);
  expect(() => fitScaler(frame, { start: 0, end: 2 })).toThrow(
    'channel "c1" of "demo" has no value in rows 0 to 2',
  );
});

test('channels are matched by name, not by position', () => {
  const frame = frameOf([1, 3], [10, 30]);
  const scaler = fitScaler(frame, { start: 0, end: 2 });
  expect([...applyScaler(selectChannels(frame, ['c1']), scaler).columns[0]!]).toEqual([-1, 1]);
  const other = createFrame({ name: 'x', channels: ['d'], columns: [Float32Array.of(1)] });
  expect(() => applyScaler(other, scaler)).toThrow('applyScaler: there is no channel "d"');
});

test('scaling and back returns the values, keeps gaps and leaves the input alone', () => {
  const value = fc.oneof(
    { weight: 9, arbitrary: fc.double({ min: -1e6, max: 1e6, noNaN: true }) },
    fc.constant(Number.NaN),
  );
  fc.assert(
    fc.property(fc.array(value, { minLength: 2, maxLength: 50 }), (values) => {
      fc.pre(values.some((x) => !Number.isNaN(x)));
      const frame = frameOf(values);
      const before = [...frame.columns[0]!];
      const scaler = fitScaler(frame, { start: 0, end: values.length });
      const back = [...invertScaler(applyScaler(frame, scaler), scaler).columns[0]!];
      expect([...frame.columns[0]!]).toEqual(before);
      back.forEach((x, i) => {
        if (Number.isNaN(before[i])) expect(x).toBeNaN();
        else
          expect(Math.abs(x - before[i]!)).toBeLessThanOrEqual(
            1e-6 * (Math.abs(before[i]!) + Math.abs(scaler.mean[0]!) + scaler.scale[0]!),
          );
      });
    }),
    { seed: 7, numRuns: 200 },
  );
});
