import type { GalleryWindow, PretrainRun } from '@patchbert/report';

/** A made-up run with the shape of a real one: hourly air quality, seven channels, 600 steps. */
export function exampleRun(): PretrainRun {
  return {
    title: 'beijing-air-quality',
    created: '2026-03-02T14:05:00Z',
    command: 'npx patchbert-pretrain --data beijing-air-quality --preset base --seed 0',
    config: {
      preset: 'base',
      seed: 0,
      contextLength: 504,
      patchLength: 12,
      batchSize: 64,
      masking: { geometry: 'random', ratio: 0.4 },
      encoder: {
        width: 128,
        layers: 3,
        heads: 16,
        feedForwardWidth: 512,
        normPlacement: 'pre',
        position: 'learned',
        dropout: 0.1,
      },
      decoder: { width: 64, layers: 1, heads: 8, feedForwardWidth: 128 },
      optimiser: { learningRate: 0.001, weightDecay: 0.01, clipNorm: 1, schedule: 'one-cycle' },
      backend: { name: 'onnx-cpu', threads: 2 },
    },
    data: {
      name: 'beijing-air-quality',
      rows: 43824,
      channels: [
        { name: 'pm2.5', missing: 2067, minimum: 0, maximum: 994, mean: 98.613215 },
        { name: 'DEWP', missing: 0, minimum: -40, maximum: 28, mean: 1.817246 },
        { name: 'TEMP', missing: 0, minimum: -19, maximum: 42, mean: 12.448521 },
        { name: 'PRES', missing: 0, minimum: 991, maximum: 1046, mean: 1016.447654 },
        { name: 'Iws', missing: 0, minimum: 0.45, maximum: 585.6, mean: 23.88914 },
        { name: 'Is', missing: 0, minimum: 0, maximum: 27, mean: 0.052734 },
        { name: 'Ir', missing: 0, minimum: 0, maximum: 36, mean: 0.194916 },
      ],
      firstTime: '2010-01-01T00:00:00Z',
      lastTime: '2014-12-31T23:00:00Z',
      trainRows: 30676,
      validationRows: 4382,
      licence: 'CC BY 4.0',
      citation:
        'Chen, S. (2015). Beijing PM2.5 [Dataset]. UCI Machine Learning Repository. https://doi.org/10.24432/C5JS49',
      sha256: '9d7b1e0c7f6a4f52d3cbf3b2f1f4a5d6e7f8091a2b3c4d5e6f708192a3b4c5d6',
    },
    model: { parameters: 642_316, flopsPerStep: 8.7e9, preset: 'base' },
    environment: {
      node: 'v20.20.2',
      platform: 'linux x64',
      cpu: 'Xeon, 2 cores',
      engine: 'ONNX Runtime 1.30.0',
    },
    seconds: 138.4,
    seriesPerSecond: 412,
    training: Array.from({ length: 600 }, (_, index) => {
      const progress = index / 599;
      const loss = (0.21 + 0.85 * Math.exp(-7 * progress)) * (1 + 0.11 * wave(index));
      return {
        step: index + 1,
        loss,
        learningRate:
          progress < 0.3
            ? 4e-5 + 0.00096 * (progress / 0.3)
            : 0.0005 * (1 + Math.cos(Math.PI * ((progress - 0.3) / 0.7))),
        gradientNorm: 0.3 + 1.1 * Math.exp(-5 * progress) + 0.12 * wave(index + 7000),
      };
    }),
    validation: Array.from({ length: 12 }, (_, index) => ({
      step: (index + 1) * 50,
      maskedError: 0.22 + 0.8 * Math.exp((-7 * (index + 1)) / 12) + 0.004 * wave(index + 90),
    })),
    errors: [
      { method: 'Model', maskedError: 0.224, meanAbsoluteError: 0.287, scaledError: 0.181 },
      { method: 'Linear interpolation', maskedError: 0.571, meanAbsoluteError: 0.462, scaledError: 0.402 },
      {
        method: 'Last value carried forward',
        maskedError: 0.934,
        meanAbsoluteError: 0.611,
        scaledError: 0.655,
      },
      { method: 'Window mean', maskedError: 1.018, meanAbsoluteError: 0.774, scaledError: 0.733 },
    ],
    errorsByChannel: [
      { channel: 'pm2.5', model: 0.31, linearInterpolation: 0.52 },
      { channel: 'DEWP', model: 0.11, linearInterpolation: 0.19 },
      { channel: 'TEMP', model: 0.082, linearInterpolation: 0.71 },
      { channel: 'PRES', model: 0.034, linearInterpolation: 0.068 },
      { channel: 'Iws', model: 0.61, linearInterpolation: 0.92 },
      { channel: 'Is', model: 0.95, linearInterpolation: 0.9 },
      { channel: 'Ir', model: 0.97, linearInterpolation: 1.4 },
    ],
    gallery: [
      exampleWindow(
        'TEMP',
        '°C',
        11,
        (hour) => 14 - 0.02 * hour + 7 * Math.sin((hour / 24) * 2 * Math.PI) + wave(hour),
      ),
      exampleWindow('pm2.5', 'µg/m³', 23, (hour) => 120 + 90 * Math.sin(hour / 31) + 22 * wave(hour + 400)),
      exampleWindow('PRES', 'hPa', 37, (hour) => 1016 + 9 * Math.sin(hour / 43) + 0.7 * wave(hour + 900)),
      exampleWindow('DEWP', '°C', 53, (hour) => 2 + 8 * Math.sin(hour / 57) + 1.2 * wave(hour + 1300)),
      exampleWindow('Iws', 'm/s', 71, (hour) => Math.max(0.4, ((hour * 1.7) % 90) + 3 * wave(hour + 2500))),
      exampleWindow(
        'TEMP',
        '°C',
        89,
        (hour) => 2 + 5 * Math.sin((hour / 24) * 2 * Math.PI + 1) + wave(hour + 3000),
      ),
    ],
  };
}

/** A window of 336 hours with 40 % of its 28 patches of 12 hidden and some points missing. */
function exampleWindow(
  title: string,
  unit: string,
  salt: number,
  signal: (hour: number) => number,
): GalleryWindow {
  const hours = Array.from({ length: 336 }, (_, hour) => hour);
  const masked = hours.map((hour) => wave(Math.floor(hour / 12) * 5 + salt) > 0.2);
  const truth = hours.map((hour) => (title === 'pm2.5' && hour > 40 && hour < 55 ? null : signal(hour)));
  return {
    title,
    unit,
    patchLength: 12,
    times: hours.map((hour) => Date.UTC(2013, 3, 1 + salt, 0) + hour * 3_600_000),
    truth,
    masked,
    reconstruction: hours.map((hour) =>
      masked[hour] ? 0.5 * signal(hour) + 0.25 * signal(hour - 1) + 0.25 * signal(hour + 1) : null,
    ),
  };
}

/** A repeatable wiggle between -1 and 1 without a period anybody would see. */
function wave(index: number): number {
  return (Math.sin(index * 12.9898) + Math.sin(index * 78.233) + Math.sin(index * 3.77)) / 3;
}
