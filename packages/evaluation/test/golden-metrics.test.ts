import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  createForecastAccumulator,
  crpsFromQuantiles,
  intervalCoverage,
  meanAbsoluteError,
  meanAbsoluteScaledError,
  meanSquaredError,
  meanWeightedQuantileLoss,
  pinballLoss,
  rootMeanSquaredError,
  seasonalScale,
  symmetricMeanAbsolutePercentageError,
  weightedQuantileLoss,
} from '@patchbert/evaluation';
import { readSafetensors, toFloat32 } from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';

const folder = path.join(
  process.env.PATCHBERT_GOLDEN_DIR ?? path.join(import.meta.dirname, '../../../../shared/golden'),
  'metrics',
);
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => /^forecast.*\.json$/.test(file))
      .map((file) => path.basename(file, '.json'))
  : [];

it('there are forecast metrics to compare with', () => {
  expect(names.length, folder).toBeGreaterThan(0);
});

describe.each(names)('%s', (name) => {
  const expected: Record<string, number | number[]> = JSON.parse(
    readFileSync(path.join(folder, `${name}.json`), 'utf8'),
  );
  const fixture = readFixture(path.join(folder, `${name}.safetensors`), expected);

  it.each(Object.keys(expected))('%s', (key) => {
    expectClose(computed(key, fixture), expected[key]!);
  });

  it('the accumulator gives the same scores', () => {
    const { series, horizon, levels, y, yhat, scales } = fixture;
    const scores = createForecastAccumulator({ horizon, channels: series, quantileLevels: levels });
    for (let s = 0; s < series; s++) {
      const own = <T>(values: ArrayLike<T>) =>
        Array.prototype.slice.call(values, s * horizon, (s + 1) * horizon);
      scores.add({
        channel: s,
        prediction: Float32Array.from(own(yhat)),
        target: Float32Array.from(own(y)),
        scale: 1,
        maseScale: scales[s]!,
        quantiles: Float32Array.from(fixture.quantiles.flatMap(({ values }) => own(values))),
      });
    }
    const result = scores.result();
    const pairs: [number | undefined, string][] = [
      [result.mse, 'mse'],
      [result.original.mse, 'mse'],
      [result.mae, 'mae'],
      [result.rmse, 'rmse'],
      [result.smape, 'smape_percent_0_to_200'],
      [result.mase, 'mase'],
      [result.wql, 'mean_wql'],
      [result.meanQuantileLoss, 'pinball_mean'],
    ];
    for (const [actual, key] of pairs) if (key in expected) expectClose(actual!, expected[key]!, key);
    for (const { level, share } of result.coverage) {
      const key = `coverage_${Math.round(100 * level)}`;
      if (key in expected) expectClose(share, expected[key]!, key);
    }
    if ('mase_per_series' in expected) {
      expectClose(
        result.perChannel.map(({ mase }) => mase!),
        expected.mase_per_series!,
      );
    }
  });
});

type Fixture = ReturnType<typeof readFixture>;

function readFixture(file: string, expected: Record<string, number | number[]>) {
  const { tensors } = readSafetensors(readFileSync(file));
  const values = (name: string) => toFloat32(tensors.get(name)!);
  const [series, horizon] = tensors.get('y')!.shape as [number, number];
  const levels = expected.quantiles as number[];
  const [y, yhat, mask, stacked, insample] = ['y', 'yhat', 'mask', 'yhat_quantiles', 'insample'].map(values);
  const length = insample!.length / series;
  const history = Array.from({ length: series }, (_, s) => insample!.subarray(s * length, (s + 1) * length));
  const seasonality = expected.seasonality as number;
  return {
    series,
    horizon,
    levels,
    history,
    seasonality,
    y: y!,
    yhat: yhat!,
    observed: y!.map((value, i) => (mask![i]! > 0 ? value : Number.NaN)),
    scales: history.map((values) => seasonalScale(values, seasonality)),
    quantiles: levels.map((level, q) => ({
      level,
      values: y!.map((_, point) => stacked![point * levels.length + q]!), // [S, h, Q] -> [S, h] of level q
    })),
  };
}

/** What a key of the fixture's JSON should be, by the plain functions; throws for a key that is not known. */
function computed(key: string, fixture: Fixture): number | number[] {
  const { y, yhat, observed, quantiles, scales, seasonality, levels } = fixture;
  const coverage = /^coverage_(\d+)$/.exec(key);
  if (coverage) {
    const outside = (1 - Number(coverage[1]) / 100) / 2;
    const bound = (level: number) => quantiles.find((one) => Math.abs(one.level - level) < 1e-9)!.values;
    return intervalCoverage(bound(outside), bound(1 - outside), y);
  }
  const period = /^mase_seasonality_(\d+)$/.exec(key);
  if (period)
    return mean(
      maseOf(
        fixture,
        fixture.history.map((h) => seasonalScale(h, Number(period[1]))),
      ),
    );
  const known: Record<string, () => number | number[]> = {
    crps_from_quantiles: () => crpsFromQuantiles(quantiles, y),
    mae: () => meanAbsoluteError(yhat, y),
    mae_masked: () => meanAbsoluteError(yhat, observed),
    mase: () => mean(maseOf(fixture, scales)),
    mase_per_series: () => maseOf(fixture, scales),
    mase_scale_per_series: () => scales,
    mean_wql: () => meanWeightedQuantileLoss(quantiles, y),
    mse: () => meanSquaredError(yhat, y),
    mse_masked: () => meanSquaredError(yhat, observed),
    pinball_mean: () => mean(quantiles.map(({ level, values }) => pinballLoss(values, y, level))),
    pinball_per_quantile: () => quantiles.map(({ level, values }) => pinballLoss(values, y, level)),
    quantiles: () => levels,
    rmse: () => rootMeanSquaredError(yhat, y),
    seasonality: () => seasonality,
    smape_fraction_0_to_2: () => symmetricMeanAbsolutePercentageError(yhat, y) / 100,
    smape_percent_0_to_200: () => symmetricMeanAbsolutePercentageError(yhat, y),
    wql_per_quantile: () => quantiles.map(({ level, values }) => weightedQuantileLoss(values, y, level)),
  };
  return known[key]!();
}

function maseOf({ y, yhat, horizon }: Fixture, scales: readonly number[]): number[] {
  return scales.map((scale, s) => {
    const rows = [s * horizon, (s + 1) * horizon] as const;
    return meanAbsoluteScaledError(yhat.subarray(...rows), y.subarray(...rows), scale);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 1e-9 relative: the arithmetic is float64 on both sides. */
function expectClose(actual: number | number[], expected: number | number[], what = ''): void {
  const [a, b] = [[actual].flat(), [expected].flat()];
  expect(a, what).toHaveLength(b.length);
  b.forEach((value, i) => {
    expect(Math.abs(a[i]! - value), `${what}[${i}]`).toBeLessThanOrEqual(1e-9 * Math.abs(value));
  });
}
