import { createFrame } from '@patchbert/data';
import { describe, expect, it } from 'vitest';
import { lastValue, linearInterpolation, type PretrainConfigInput, windowMean } from '../src/index.ts';
import { tinyConfig, tinyRun } from './support/tiny-run.ts';

const hidden = 1e9;
const values = Float32Array.of(hidden, 2, hidden, hidden, 8, hidden, 5, hidden);
const visible = Uint8Array.of(0, 1, 0, 0, 1, 0, 1, 0);
const nothing = new Uint8Array(8);

describe('baselines, by hand', () => {
  it('windowMean', () => {
    expect([...windowMean(values, visible)]).toEqual(Array(8).fill(5));
    expect([...windowMean(values, nothing)]).toEqual(Array(8).fill(0));
  });

  it('lastValue', () => {
    expect([...lastValue(values, visible)]).toEqual([2, 2, 2, 2, 8, 8, 5, 5]);
    expect([...lastValue(values, nothing)]).toEqual(Array(8).fill(0));
  });

  it('linearInterpolation', () => {
    expect([...linearInterpolation(values, visible)]).toEqual([2, 2, 4, 6, 8, 6.5, 5, 5]);
    expect([...linearInterpolation(values, nothing)]).toEqual(Array(8).fill(0));
    expect([...linearInterpolation(values, Uint8Array.of(0, 0, 0, 0, 0, 0, 1, 0))]).toEqual(Array(8).fill(5));
  });

  it('leave their inputs alone', () => {
    const copy = values.slice();
    for (const fill of [windowMean, lastValue, linearInterpolation]) fill(values, visible);
    expect(values).toEqual(copy);
  });
});

describe('evaluation against baselines', () => {
  it('is in visible deviations: a straight line is interpolated without error between visible patches', async () => {
    const line = Float32Array.from({ length: 1000 }, (_, row) => 5 * row - 100);
    const data = { frame: createFrame({ name: 'line', channels: ['line'], columns: [line] }) };
    const masking: PretrainConfigInput['masking'] = { geometry: 'given', masked: [2, 3] };
    const { evaluation } = await tinyRun({ data, config: { ...tinyConfig, masking, steps: 1 } });
    const error = Object.fromEntries(evaluation!.errors.map((row) => [row.method, row]));
    expect(error['linear interpolation']!.maskedError).toBeLessThan(1e-10);

    // Visible points of a window: 2 dropped, then patches 0, 1, 4, 5 of 4; hidden ones are points 10 ... 17.
    const shown = [...Array(26).keys()].filter((point) => point < 10 || point > 17);
    const mean = shown.reduce((sum, point) => sum + point, 0) / shown.length;
    const trainVariance = (700 ** 2 - 1) / 12;
    const variance =
      shown.reduce((sum, point) => sum + (point - mean) ** 2, 0) / shown.length + 1e-5 * trainVariance;
    const patchMean = (shown.reduce((sum, point) => sum + point, 0) - 1) / (shown.length - 2);
    const squares = (from: number) =>
      [10, 11, 12, 13, 14, 15, 16, 17].reduce((sum, point) => sum + (point - from) ** 2, 0) / 8;
    expect(error['last value']!.maskedError).toBeCloseTo(squares(9) / variance, 4);
    // Baselines see what the encoder sees, patches alone: their mean is that of the sixteen visible patch points.
    expect(error['window mean']!.maskedError).toBeCloseTo(squares(patchMean) / variance, 4);
    expect(error['last value']!.scaledError).toBeCloseTo(squares(9) / trainVariance, 6);
  });
});
