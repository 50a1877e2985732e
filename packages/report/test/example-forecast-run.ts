import type { ForecastRun, ForecastScore, ForecastWindow } from '@patchbert/report';

/** A made-up forecaster with the shape of a real one: two hourly channels, two horizons, two members, three baselines. */
export function exampleForecastRun(): ForecastRun {
  return {
    title: 'transformer-station',
    created: '2026-03-02T14:05:00Z',
    command: 'npx patchbert-finetune forecast --data station.csv --horizon 24,48',
    summary: {
      horizons: [24, 48],
      contextLength: 96,
      strategy: 'probe, then fine-tune',
      windows: 1234,
      channels: 2,
      seconds: 138.4,
    },
    results: [
      {
        horizon: 24,
        verdict: 'Better than every baseline.',
        level: 0.8,
        rows: scores(0.3),
      },
      { horizon: 48, verdict: '', level: 0.8, rows: scores(0.5) },
    ],
    perStep: [24, 48].map((horizon) => ({
      horizon,
      curves: ['PatchBERT', 'Ridge', 'Encoder', 'Seasonal naive', 'Last value', 'Drift'].map(
        (method, index) => ({
          method,
          mse: Array.from({ length: horizon }, (_, step) => 0.2 + 0.1 * index + 0.01 * step),
          ...(index === 0 && {
            coverage: Array.from(
              { length: horizon },
              (_, step) => 0.81 - 0.002 * step + 0.01 * Math.sin(step),
            ),
          }),
        }),
      ),
    })),
    perChannel: [24, 48].map((horizon) => ({
      horizon,
      baseline: 'Seasonal naive',
      channels: [
        { channel: 'load', unit: 'MW', mse: 0.31, mae: 0.4, originalMae: 2.512, baselineMse: 0.6 },
        { channel: 'oil', unit: '°C', mse: 0.05, mae: 0.16, originalMae: 1.483, baselineMse: 0.07 },
      ],
    })),
    gallery: [exampleForecastWindow('load', 24), exampleForecastWindow('oil', 48)],
    training: [24, 48].map((horizon) => ({
      name: `Horizon ${horizon}`,
      points: Array.from({ length: 100 }, (_, index) => ({
        step: index + 1,
        loss: 0.3 + Math.exp(-index / 20),
        ...((index + 1) % 20 === 0 && { validation: 0.35 + Math.exp(-index / 15) }),
      })),
    })),
    selection: [
      {
        what: 'Ridge penalty',
        candidates: [
          { label: '1', validation: 0.44, chosen: false },
          { label: '10', validation: 0.42, chosen: true },
        ],
      },
    ],
    data: {
      name: 'station.csv',
      rows: 4000,
      channels: [
        { name: 'load', missing: 12, minimum: -22.7, maximum: 23.6, mean: 7.4 },
        { name: 'oil', missing: 0, minimum: -4, maximum: 46, mean: 13.3 },
      ],
      firstTime: '2016-07-01T00:00:00Z',
      lastTime: '2016-12-14T15:00:00Z',
      trainRows: 2800,
      validationRows: 400,
      testRows: 800,
      licence: 'CC BY 4.0',
      citation: 'A station.',
      sha256: '9d7b1e0c',
    },
    facts: [{ label: 'Seed', value: '0' }],
    audit: [
      { check: 'Later rows', passed: true, detail: 'Largest change 0.' },
      { check: 'Fillers', passed: true, detail: 'Largest change 0.' },
    ],
    configuration: { seed: 0, head: { kind: 'flatten', quantileLevels: [0.1, 0.5, 0.9] } },
  };
}

/** The forecaster best in everything. */
function scores(mse: number): ForecastScore[] {
  return [
    { method: 'PatchBERT', kind: 'ours', mse, mae: 0.388, smape: 36.81, mase: 0.943, coverage: 0.783 },
    { method: 'Ridge', kind: 'member', mse: mse + 0.04, mae: 0.405, smape: 38.3, mase: 0.99 },
    { method: 'Encoder', kind: 'member', mse: mse + 0.05, mae: 0.397, smape: 37.02, mase: 0.964 },
    { method: 'Seasonal naive', kind: 'baseline', mse: 2 * mse, mae: 0.433, smape: 38.8, mase: 1.051 },
    { method: 'Last value', kind: 'baseline', mse: 4 * mse, mae: 0.716, smape: 55, mase: 1.731 },
    { method: 'Drift', kind: 'baseline', mse: 5 * mse, mae: 0.754, smape: 57.6, mase: 1.823 },
  ];
}

/** A daily wave with a missing point before and after the origin. */
export function exampleForecastWindow(channel: string, horizon: number): ForecastWindow {
  const wave = (hour: number) => 10 + 5 * Math.sin((hour / 24) * 2 * Math.PI);
  const ahead = Array.from({ length: horizon }, (_, step) => 96 + step);
  return {
    title: `Median · ${channel}, from 2016-12-01`,
    channel,
    unit: 'MW',
    times: Array.from({ length: 96 + horizon }, (_, hour) => Date.UTC(2016, 10, 27) + hour * 3_600_000),
    context: Array.from({ length: 96 }, (_, hour) => (hour === 90 ? null : wave(hour))),
    truth: ahead.map((hour) => (hour === 100 ? null : wave(hour))),
    forecast: ahead.map((hour) => 0.9 * wave(hour)),
    lower: ahead.map((hour) => 0.9 * wave(hour) - 2),
    upper: ahead.map((hour) => 0.9 * wave(hour) + 2),
    level: 0.8,
    linear: ahead.map((hour) => 0.8 * wave(hour)),
  };
}
