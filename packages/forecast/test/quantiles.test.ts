import { createFrame, type Frame } from '@patchbert/data';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import { describe, expect, it } from 'vitest';
import { loadForecaster } from '../src/index.ts';
import { fitTiny, ownScores, refusal, testBackend, waves } from './support/tiny-forecaster.ts';

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
