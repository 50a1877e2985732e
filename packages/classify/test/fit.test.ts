import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import {
  type ClassifyConfigInput,
  equalComputeSteps,
  type FitEvent,
  type FitSeriesModelResult,
  fitClassifier,
  fitRegressor,
  loadClassifier,
  summariseClassification,
  verdictOf,
} from '@patchbert/classify';
import { createSeriesSet, type SeriesSet, selectSeries } from '@patchbert/data';
import { drawLabels } from '@patchbert/evaluation';
import { deriveKey, randomKey } from '@patchbert/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paces, tiny, waves } from './support/waves.ts';

let backend: Backend;
let folder = '';
let fitted: FitSeriesModelResult;
const events: FitEvent[] = [];
const [train, held] = [waves(24), waves(12, 24)];

const fit = (
  config: ClassifyConfigInput,
  name: string,
  sets: Partial<Record<'train' | 'test', SeriesSet>> = {},
) => fitClassifier({ config: { ...tiny, ...config }, train, ...sets, backend, folder: join(folder, name) });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbert-classify-'));
  backend = await onnxCpu.create({ threads: 1 });
  fitted = await fitClassifier({
    config: { ...tiny, members: 2, control: true },
    train,
    test: held,
    backend,
    folder: join(folder, 'whole'),
    onEvent: (event) => events.push(event),
  });
});
afterAll(async () => {
  await backend.dispose();
  rmSync(folder, { recursive: true });
});

describe('what a fit is compared with', () => {
  test('is its parts, frozen encoders, the same without pretraining, and simple methods', () => {
    expect(fitted.results.map(({ kind, method }) => `${kind}: ${method}`)).toEqual([
      'ours: ensemble of 2',
      'readout: its trained heads alone',
      'readout: its ridges alone',
      'probe: frozen encoder + ridge',
      'control: frozen random encoder + ridge',
      'control: from scratch, same steps',
      'control: from scratch, same compute',
      'baseline: majority class',
      'baseline: 1-nearest neighbour, Euclid',
      expect.stringMatching(/^baseline: 1-nearest neighbour, DTW, window \d+ %$/),
      'baseline: ridge on summary statistics',
    ]);
    expect(fitted.results.every(({ classes }) => classes!.count === 12)).toBe(true);
    expect(fitted.results[0]!.singles).toHaveLength(2);
    expect(fitted.verdict).toBe(verdictOf(fitted.results));
    expect(fitted.verdict).toMatch(
      /^\d+ of 12 right\. The best simple method, .*Without pretraining \(from scratch/,
    );
  });

  test('may be fewer networks than the ensemble, and says so', async () => {
    const config = { members: 2, control: true, controlMembers: 1, baselines: false };
    const { results, verdict } = await fit(config, 'one-control', { test: held });
    const controls = results.filter(({ kind }) => kind === 'control');
    expect(controls.map(({ method, singles }) => [method, singles?.length])).toEqual([
      ['frozen random encoder + ridge', 2],
      ['one network from scratch, same steps', undefined],
      ['one network from scratch, same compute', undefined],
    ]);
    expect(verdict).toContain('Without pretraining (one network from scratch');
  });

  test('has equal compute when its steps are those of fine-tuning and of every view of pretraining', () => {
    const steps = events.flatMap((event) =>
      event.type === 'step' && event.what === 'training from scratch (same compute) of member 2'
        ? [event.steps]
        : [],
    );
    const file = JSON.parse(readFileSync(join(folder, 'whole/classifier.json'), 'utf8')) as {
      config: Parameters<typeof equalComputeSteps>[0];
    };
    expect(new Set(steps)).toEqual(new Set([6 + 2 * 4]));
    expect(equalComputeSteps(file.config)).toBe(14);
  });
});

describe('a report', () => {
  test('is made of the folder alone, and agrees with the results', async () => {
    const summary = await summariseClassification(join(folder, 'whole'));
    expect(summary).toMatchObject({
      title: 'Classifying waves',
      task: 'classification',
      summary: { trainSeries: 24, testSeries: 12, classes: 2, channels: 2, members: 2 },
      verdict: fitted.verdict,
      confusion: { classes: ['fast', 'slow'], counts: fitted.results[0]!.classes!.confusion },
    });
    expect(summary.results.filter(({ kind }) => kind === 'member')).toHaveLength(2);
    expect(summary.map.points).toHaveLength(36);
    expect(summary.map.points.filter(({ correct }) => correct === true)).toHaveLength(
      Math.round(fitted.results[0]!.classes!.accuracy * 12),
    );
    expect(summary.training.map(({ name }) => name)).toContain('fine-tuning, mean of 2 networks');
    expect(summary.reconstructions).toHaveLength(4);
    for (const { values, reconstruction, hidden } of summary.reconstructions) {
      expect(values.length).toBe(reconstruction.length);
      expect(hidden.some(Boolean)).toBe(true);
      expect(hidden.every((isHidden, i) => !isHidden || values[i] !== null)).toBe(true);
    }
    const wrong = 12 - Math.round(fitted.results[0]!.classes!.accuracy * 12);
    expect(summary.mistakes).toHaveLength(Math.min(6, wrong));
    for (const { truth, predicted, nearest } of summary.mistakes) {
      expect(predicted).not.toBe(truth);
      if (nearest) expect(nearest).toMatchObject({ truth, predicted: truth });
    }
  });

  test('of a regressor has a scatter and its largest errors', async () => {
    const config = { ...tiny, adapt: 'ridge', baselines: false } as const;
    const { results } = await fitRegressor({
      config,
      train: paces(24),
      test: paces(12, 24),
      backend,
      folder: join(folder, 'values'),
    });
    const summary = await summariseClassification(join(folder, 'values'));
    expect(summary.task).toBe('regression');
    expect(summary.scatter).toHaveLength(12);
    const errors = summary.mistakes.map(({ truth, predicted }) =>
      Math.abs(Number(truth) - Number(predicted)),
    );
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(summary.verdict).toContain(String(Number(results[0]!.values!.rmse.toPrecision(4))));
  });

  test('draws a map that stays legible however many test series there are', async () => {
    await fit({ adapt: 'ridge', baselines: false }, 'crowd', { test: waves(1600, 24) });
    const { map } = await summariseClassification(join(folder, 'crowd'));
    expect(map.points.filter(({ part }) => part === 'train')).toHaveLength(24);
    expect(map.points.filter(({ part }) => part === 'test')).toHaveLength(1500);
  });

  test('without test series shows where the training series lie', async () => {
    await fit({ adapt: 'ridge' }, 'alone');
    const summary = await summariseClassification(join(folder, 'alone'));
    expect(summary).toMatchObject({ results: [], verdict: '', mistakes: [], summary: { testSeries: 0 } });
    expect(summary.map.points.every(({ part }) => part === 'train')).toBe(true);
    await expect(summariseClassification(join(folder, 'none'))).rejects.toThrow(
      code('classify/no-classifier'),
    );
  });
});

describe('settings', () => {
  test.each<readonly [string, ClassifyConfigInput]>([
    ['logistic regression', { adapt: 'logistic' }],
    ['random weights', { adapt: 'scratch' }],
    ['channels one by one', { adapt: 'ridge', model: { ...tiny.model, channels: 'independent' } }],
    ['a class token', { model: { ...tiny.model, classToken: true } }],
    ['attention', { poolings: ['mean', 'attention'] }],
    [
      'balanced classes and mixed series',
      { classWeights: 'balanced', fineTuning: { ...tiny.fineTuning, mixUp: 0.4 } },
    ],
    [
      'the head alone, each series by its own scale',
      { readout: 'head', model: { ...tiny.model, normalise: 'per-series' } },
    ],
  ])('%s: fits, and predicts after loading what it predicted before', async (name, config) => {
    const path = name.replaceAll(' ', '-');
    await fit({ baselines: false, ...config }, path, { test: held });
    const stored = JSON.parse(readFileSync(join(folder, path, 'predictions.json'), 'utf8')) as {
      probabilities: number[];
    }[];
    const loaded = await loadClassifier(join(folder, path), backend);
    const predictions = await loaded.predict(held);
    loaded.dispose();
    expect(predictions.map((one) => 'probabilities' in one && one.probabilities)).toEqual(
      stored.map(({ probabilities }) => probabilities),
    );
  });

  test('values are predicted on their own scale: errors of the labelled series do not grow with them', async () => {
    const set = paces(24);
    const config = { ...tiny, readout: 'head', labelFraction: 0.5, baselines: false } as const;
    const path = join(folder, 'scale');
    await fitRegressor({ config, train: set, backend, folder: path });
    const { target } = JSON.parse(readFileSync(join(path, 'classifier.json'), 'utf8')) as {
      target: { mean: number };
    };
    // The mean of all values may not be known: half of them are read.
    const key = deriveKey(randomKey(0), 'labels');
    const known = drawLabels(new Int32Array(24), { fraction: 0.5 }, key);
    expect(target.mean).toBeCloseTo(known.reduce((sum, i) => sum + set.targets![i]!, 0) / 12, 10);
    const loaded = await loadClassifier(path, backend);
    const predictions = await loaded.predict(selectSeries(set, known));
    loaded.dispose();
    const values = predictions.map((one) => ('value' in one ? one.value : Number.NaN));
    const errors = values.map((value, i) => value - set.targets![known[i]!]!);
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    expect(sum(errors)).toBeCloseTo(0, 3);
    expect(sum(errors.map((error, i) => error * values[i]!))).toBeCloseTo(0, 2);
  });

  test('values far from 0 are predicted as well as others', async () => {
    const far = (set: SeriesSet) =>
      createSeriesSet({ ...set, targets: set.targets!.map((value) => value + 2 ** 31) });
    const errorOf = async (change: (set: SeriesSet) => SeriesSet, path: string) => {
      const [own, other] = [change(paces(24)), change(paces(12, 24))];
      const fitted = await fitRegressor({
        config: tiny,
        train: own,
        test: other,
        backend,
        folder: join(folder, path),
      });
      return fitted.results.map(({ method, values }) => [method, values!.rmse] as const);
    };
    const near = new Map(await errorOf((set) => set, 'near'));
    for (const [method, rmse] of await errorOf(far, 'far'))
      expect(rmse, method).toBeCloseTo(near.get(method)!, 2);
  });

  test('a single value that may be read is too few, told before anything is trained', async () => {
    const config = { ...tiny, labelFraction: 0.01 };
    const fitted = fitRegressor({ config, train: paces(24), backend, folder: join(folder, 'single') });
    await expect(fitted).rejects.toThrow(code('classify/too-few-labels'));
  });

  test('the receipt says how the penalty was chosen', async () => {
    expect((await fit({ adapt: 'logistic' }, 'logistic-receipt')).receipt.selection).toBe('folds');
    expect((await fit({ adapt: 'ridge' }, 'ridge-receipt')).receipt.selection).toBe('leave-one-out');
  });

  test('few labels: the same for every method, by the seed', async () => {
    const { receipt } = await fit({ adapt: 'ridge', labelsPerClass: 2 }, 'few');
    expect(receipt.labelled).toBe(4);
  });
});

describe('series', () => {
  test('may have their channels in another order, and no others', async () => {
    const loaded = await loadClassifier(join(folder, 'whole'), backend);
    const swapped = createSeriesSet({
      ...held,
      channels: ['y', 'x'],
      series: held.series.map(({ id, values }) => ({ id, values: [values[1]!, values[0]!] })),
    });
    expect(await loaded.predict(swapped)).toEqual(await loaded.predict(held));
    const renamed = createSeriesSet({ ...held, channels: ['x', 'z'] });
    await expect(loaded.predict(renamed)).rejects.toThrow(code('classify/other-channels'));
    loaded.dispose();
  });

  test('for testing in another order of channels score alike, simple methods too', async () => {
    const swapped = createSeriesSet({
      ...held,
      channels: ['y', 'x'],
      series: held.series.map(({ id, values }) => ({ id, values: [values[1]!, values[0]!] })),
    });
    const one = await fit({ adapt: 'ridge' }, 'in-order', { test: held });
    const other = await fit({ adapt: 'ridge' }, 'out-of-order', { test: swapped });
    expect(other.results).toEqual(one.results);
  });

  test('that are longer than the model are a warning', async () => {
    const long = createSeriesSet({
      ...held,
      series: held.series.map(({ id, values }) => ({
        id,
        values: values.map((column) => Float32Array.from([...column, ...new Float32Array(20)])),
      })),
    });
    const warnings: string[] = [];
    await fitClassifier({
      config: { ...tiny, adapt: 'ridge', baselines: false },
      train,
      test: selectSeries(long, [0, 1]),
      backend,
      folder: join(folder, 'long'),
      onEvent: (event) => event.type === 'warning' && warnings.push(event.message),
    });
    expect(warnings).toEqual([expect.stringContaining('2 test series are longer')]);
  });
});

function code(expected: string) {
  return expect.objectContaining({ code: expected });
}
