import { createFrame, type Frame } from '@patchbert/data';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';
import { loadForecaster } from '../src/index.ts';
import {
  fitTiny,
  HORIZON,
  loadTiny,
  ownScores,
  refusal,
  testBackend,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

/** A season with Gaussian noise: the best forecast leaves the noise alone. */
function gaussian(rows: number): Frame {
  const errors = normals(deriveKey(randomKey(3), 'gaussian'), rows);
  const column = Float32Array.from(errors, (error, i) => 10 + 3 * Math.sin((2 * Math.PI * i) / 24) + error);
  return createFrame({ name: 'gaussian', channels: ['y'], columns: [column] });
}

describe('quantiles of the residuals of validation', () => {
  it('hold as much of the test rows as they should', async () => {
    const { results } = await fitTiny({ data: { frame: gaussian(3000) } });
    const { coverage, quantileCrossings, wql } = ownScores({ results })[0]!;
    expect(coverage.map(({ level }) => level.toFixed(1))).toEqual(['0.2', '0.4', '0.6', '0.8']);
    for (const { level, share } of coverage) expect(Math.abs(share - level)).toBeLessThan(0.06);
    expect(quantileCrossings).toBe(0);
    expect(wql).toBeGreaterThan(0);
  });

  it('spread with the level, and lie around the forecast', async () => {
    const { folder } = await fitTiny({ data: { frame: gaussian(1500) } });
    const forecaster = await loadForecaster(folder, await testBackend());
    const [forecast] = await forecaster.predict(
      { frame: gaussian(100) },
      { quantileLevels: [0.005, 0.05, 0.07, 0.5, 0.93, 0.995] },
    );
    const rows = forecast!.quantiles.map(({ columns }) => columns[0]!);
    for (let h = 0; h < rows[0]!.length; h++) {
      const values = rows.map((row) => row[h]!);
      expect(values).toEqual([...values].sort((a, b) => a - b));
      expect(values[0]! - values.at(-1)!).toBeLessThan(-3);
      expect(Math.abs(values[3]! - forecast!.mean[0]![h]!)).toBeLessThan(0.5);
    }
  });
});

describe('quantiles of channels that say little in the validation rows', () => {
  /** A long frame, so that every channel has enough validation windows for residuals of its own. */
  const frame = waves({ rows: 1500 });
  const silent = (rows: readonly [number, number], channels: readonly number[]) =>
    withColumns(frame, (column, c) => (channels.includes(c) ? column.fill(Number.NaN, ...rows) : column));
  const widths = async (data: Frame) => {
    const forecaster = await loadTiny({ data: { frame: data } });
    const [forecast] = await forecaster.predict({ frame }, { quantileLevels: [0.1, 0.9] });
    const [low, high] = forecast!.quantiles.map(({ columns }) => columns);
    return low!.map((row, c) => [...row].map((value, h) => high![c]![h]! - value));
  };

  it('are those of all channels where there are too few of its own, never without width', async () => {
    // Validation rows 1050 to 1200: "flow" is silent in all of them.
    const plain = await widths(frame);
    const found = await widths(silent([1050, 1200], [1]));
    found.forEach((row, c) => {
      expect(Math.min(...row)).toBeGreaterThan(0);
      row.forEach((width, h) => {
        expect(Math.abs(Math.log(width / plain[c]![h]!))).toBeLessThan(Math.log(2));
      });
    });
  });

  it('are left out, and said to be, where a step has no residual at all', async () => {
    // What no channel has in the validation rows is the last step of any window.
    const split = {
      train: { start: 0, end: 1050 },
      validation: { start: 1050, end: 1050 + HORIZON },
      test: { start: 1100, end: 1500 },
    };
    const data = { frame: silent([1049 + HORIZON, 1050 + HORIZON], [0, 1, 2]), split };
    const { results, folder } = await fitTiny({ data });
    expect(ownScores({ results })[0]!.coverage).toEqual([]);
    expect(Number.isFinite(ownScores({ results })[0]!.mse)).toBe(true);
    const forecaster = await loadForecaster(folder, await testBackend());
    const [forecast] = await forecaster.predict({ frame });
    expect(forecast!.quantiles).toEqual([]);
    expect((await forecaster.evaluate(data))[0]!.methods).toEqual(results[0]!.methods);
    const asked = await refusal(forecaster.predict({ frame }, { quantileLevels: [0.5] }));
    expect(asked).toMatchObject({ code: 'forecast/no-quantiles' });
    expect(asked.message).toContain('has no quantiles');
  });
});

describe('a quantile head', () => {
  const training = {
    loss: 'quantile',
    steps: 60,
    batchSize: 32,
    learningRate: 0.02,
    headDropout: 0,
    dropout: 0,
    validateEvery: 20,
  } as const;

  it.each([0, 0.5])('never crosses, at linear weight %d', async (linearWeight) => {
    const config = { adapt: 'linear-probe', linearWeight, training } as const;
    const { results, folder } = await fitTiny({ config });
    const { quantileCrossings, coverage } = ownScores({ results })[0]!;
    expect(quantileCrossings).toBe(0);
    expect(coverage.at(-1)!.share).toBeGreaterThan(coverage[0]!.share);
    const forecaster = await loadForecaster(folder, await testBackend());
    const [forecast] = await forecaster.predict({ frame: waves() }, { quantileLevels: [0.1, 0.25, 0.9] });
    const [low, quarter, high] = forecast!.quantiles.map(({ columns }) => columns[0]!);
    low!.forEach((value, h) => {
      expect(value).toBeLessThanOrEqual(quarter![h]!);
      expect(quarter![h]!).toBeLessThanOrEqual(high![h]!);
    });
    // It has no use for residuals.
    expect(forecaster.file.horizons[0]!.residualLevels).toBeUndefined();
  });

  it.each([[[0.25, 0.5, 0.75]], [[0.5]]])('may have the levels %j alone', async (quantileLevels) => {
    const config = { adapt: 'linear-probe', quantileLevels, training: { ...training, steps: 5 } } as const;
    const { folder } = await fitTiny({ config });
    const forecaster = await loadForecaster(folder, await testBackend());
    const [forecast] = await forecaster.predict({ frame: waves() });
    expect(forecast!.quantiles.map(({ level }) => level)).toEqual(quantileLevels);
  });
});

it('levels outside those that are kept are refused before anything is fitted', async () => {
  for (const level of [0.001, 0.999]) {
    const error = await refusal(fitTiny({ config: { quantileLevels: [level] } }));
    expect(error).toMatchObject({ code: 'config/invalid' });
    expect(error.message).toContain('quantileLevels');
  }
});
