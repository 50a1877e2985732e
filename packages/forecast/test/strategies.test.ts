import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '@patchbert/errors';
import { describe, expect, it } from 'vitest';
import { fitByGradient } from '../src/fit/fit-by-gradient.ts';
import { sourceEncoder } from '../src/fit/source-encoder.ts';
import {
  type ForecastConfigInput,
  type ForecastEvent,
  forecastConfigSchema,
  loadForecaster,
  summariseForecast,
} from '../src/index.ts';
import { prepareTask } from '../src/task/prepare-task.ts';
import {
  fitTiny,
  HORIZON,
  ownScores,
  readJsonFile,
  refusal,
  testBackend,
  tinyCheckpoint,
  waves,
  withColumns,
} from './support/tiny-forecaster.ts';

const frame = waves();

/** A short gradient fit of the network alone. */
const short = {
  steps: 60,
  probeSteps: 40,
  batchSize: 32,
  learningRate: 0.02,
  encoderLearningRate: 0.01,
  dropout: 0,
  headDropout: 0,
  validateEvery: 20,
  weightDecay: 0,
  averaging: { kind: 'none' },
} as const;

function gradientConfig(config: ForecastConfigInput = {}): ForecastConfigInput {
  return {
    adapt: 'fine-tune',
    linearWeight: 0,
    contextLength: 32,
    ...config,
    training: { ...short, ...config.training },
  };
}

/** Test error of the network alone, as a share of the error of the mean of the context. */
async function relativeError(config: ForecastConfigInput): Promise<number> {
  const { results } = await fitTiny({ config: gradientConfig(config) });
  const mean = results[0]!.methods.find(({ method }) => method === 'window mean')!;
  return ownScores({ results })[0]!.mse / mean.scores.mse;
}

describe('adapting by gradient', () => {
  it.each(['linear-probe', 'fine-tune', 'probe-then-fine-tune'] as const)(
    '%s learns waves',
    async (adapt) => {
      expect(await relativeError({ adapt })).toBeLessThan(0.5);
    },
  );

  it('scratch learns without a checkpoint', async () => {
    const { results, receipt } = await fitTiny({
      checkpoint: undefined,
      config: gradientConfig({ adapt: 'scratch', training: { steps: 12, learningRate: 0.005 } }),
    });
    expect(receipt.encoder!.checkpoint).toBe('random weights');
    const { methods } = results[0]!;
    const mean = methods.find(({ method }) => method === 'window mean')!;
    expect(methods[0]!.scores.mse).toBeLessThan(mean.scores.mse);
  });

  it('keeps the weights that validate best, and writes down every step', async () => {
    const events: ForecastEvent[] = [];
    const { folder, receipt } = await fitTiny({
      config: gradientConfig(),
      onEvent: (event) => events.push(event),
    });
    const [choice] = receipt.selection.choices;
    const best = choice!.candidates.reduce((a, b) => (b.validation < a.validation ? b : a));
    expect(choice!.chosen).toBe(best.label);
    expect(choice!.candidates.map(({ label }) => label)).toEqual(['step 0', 'step 20', 'step 40', 'step 60']);
    const [curve] = readJsonFile<{ points: { step: number }[] }[]>(folder, 'training.json');
    expect(curve!.points.map(({ step }) => step)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(60);
    expect((await summariseForecast(folder)).training).toHaveLength(1);
  });

  it('is a function of the seed', async () => {
    const bits = async (seed: number) => {
      const config = gradientConfig({ seed, training: { steps: 5, dropout: 0.2, headDropout: 0.2 } });
      const { folder } = await fitTiny({ config });
      return readFileSync(join(folder, `horizon-${HORIZON}.safetensors`)).toString('base64');
    };
    const first = await bits(1);
    expect(await bits(1)).toBe(first);
    expect(await bits(2)).not.toBe(first);
  });

  it('averages with the linear ridge', async () => {
    const { results } = await fitTiny({
      config: gradientConfig({ linearWeight: 0.5, training: { steps: 5 } }),
    });
    expect(results[0]!.methods.slice(0, 3).map(({ method }) => method)).toEqual([
      'average of both',
      'transformer',
      'linear ridge',
    ]);
  });

  it.each([
    ['ema', { averaging: { kind: 'ema', decay: 0.9 } }],
    ['swa', { averaging: { kind: 'swa', start: 0.5 } }],
    ['one-cycle', { schedule: 'one-cycle' }],
    ['mae', { loss: 'mae' }],
    ['huber', { loss: 'huber', huberDelta: 0.5 }],
    ['no augmentation', { augment: false }],
  ] as const)('with %s learns as well', async (_title, training) => {
    expect(await relativeError({ training })).toBeLessThan(0.6);
  });

  it.each([
    ['pooled mean', { kind: 'pooled', pooling: 'mean' }],
    ['pooled last', { kind: 'pooled', pooling: 'last' }],
    ['flat, per channel', { kind: 'flatten', channels: 'per-channel' }],
    ['pooled, per channel', { kind: 'pooled', pooling: 'max', channels: 'per-channel' }],
  ] as const)('a %s head learns, and is opened again', async (_title, head) => {
    const { folder, results } = await fitTiny({ config: gradientConfig({ head }) });
    const forecaster = await loadForecaster(folder, await testBackend());
    const [again] = await forecaster.evaluate({ frame });
    expect(again!.methods).toEqual(results[0]!.methods);
    const mean = results[0]!.methods.find(({ method }) => method === 'window mean')!;
    expect(results[0]!.methods[0]!.scores.mse / mean.scores.mse).toBeLessThan(0.9);
  });

  it('learns from series with gaps, even when two mixed series have no patch in common', async () => {
    const gappy = withColumns(frame, (column, c) =>
      column.map((value, i) => (i % 40 < 20 === (c === 0) ? Number.NaN : value)),
    );
    const { results } = await fitTiny({ data: { frame: gappy }, config: gradientConfig() });
    expect(Number.isFinite(ownScores({ results })[0]!.mse)).toBe(true);
  });

  it('stops when it is told to, and leaves no forecaster', async () => {
    const controller = new AbortController();
    const run = fitTiny({
      config: gradientConfig(),
      signal: controller.signal,
      onEvent: (event) => event.type === 'step' && event.step === 5 && controller.abort(),
    });
    expect(await refusal(run)).toMatchObject({ code: 'forecast/interrupted' });
  });
});

it('a network whose training was stopped is no forecaster, even where nobody listens', async () => {
  const controller = new AbortController();
  controller.abort();
  const config = parseConfig(forecastConfigSchema, gradientConfig({ horizons: [HORIZON] }), 'config');
  const { task } = prepareTask(config, { frame }, 32);
  const source = await sourceEncoder(await tinyCheckpoint(), config);
  const options = { config, hasGaps: false, onEvent: () => {}, signal: controller.signal };
  const run = fitByGradient(await testBackend(), task, source, HORIZON, options);
  expect(await refusal(run)).toMatchObject({ code: 'forecast/interrupted' });
});

describe('ridge heads', () => {
  it('stop when they are told to, and leave no forecaster', async () => {
    const controller = new AbortController();
    const run = fitTiny({
      signal: controller.signal,
      onEvent: (event) => event.type === 'progress' && controller.abort(),
    });
    expect(await refusal(run)).toMatchObject({ code: 'forecast/interrupted' });
  });

  it.each([
    [0, ['transformer']],
    [1, ['linear ridge']],
  ] as const)('with linear weight %d are one of the two', async (linearWeight, names) => {
    const { results, folder } = await fitTiny({ config: { linearWeight } });
    const methods = results[0]!.methods.filter(({ kind }) => kind !== 'baseline');
    expect(methods.map(({ method }) => method)).toEqual(names);
    const forecaster = await loadForecaster(folder, await testBackend());
    expect((await forecaster.evaluate({ frame }))[0]!.methods).toEqual(results[0]!.methods);
  });

  it('on the context alone name no encoder, in the receipt, the file and the report', async () => {
    const config = { linearWeight: 1, contextLength: 32 };
    const { receipt, folder } = await fitTiny({ checkpoint: undefined, config });
    expect(receipt).not.toHaveProperty('encoder');
    const { file } = await loadForecaster(folder, await testBackend());
    expect(file).not.toHaveProperty('origin');
    expect(JSON.stringify(await summariseForecast(folder))).toContain('a linear model alone');
    expect(JSON.stringify(await summariseForecast(folder))).not.toContain('random weights');
  });

  it('average with the weight they are told', async () => {
    const forecasts = async (linearWeight: number) => {
      const { folder } = await fitTiny({ config: { linearWeight } });
      const [forecast] = await (await loadForecaster(folder, await testBackend())).predict({ frame });
      return forecast!.mean[0]!;
    };
    const [network, linear, mixed] = [await forecasts(0), await forecasts(1), await forecasts(0.25)];
    mixed.forEach((value, h) => {
      expect(value).toBeCloseTo(0.25 * linear[h]! + 0.75 * network[h]!, 4);
    });
  });

  it('on an encoder that was never trained are a control', async () => {
    const { receipt, results } = await fitTiny({ checkpoint: 'random', config: { contextLength: 24 } });
    expect(receipt.encoder).toMatchObject({ checkpoint: 'random weights', contextLength: 24 });
    expect(results[0]!.windows).toBe(73);
  });
});
