import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import {
  type ClassifyConfigInput,
  exportClassifier,
  fitClassifier,
  fitRegressor,
  loadClassifier,
} from '@patchbert/classify';
import { createSeriesSet, type SeriesSet } from '@patchbert/data';
import * as onnx from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paces, tiny, waves } from './support/waves.ts';

let backend: Backend;
let root = '';
let fits = 0;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'patchbert-export-'));
  backend = await onnxCpu.create({ threads: 1 });
});
afterAll(async () => {
  await backend.dispose();
  rmSync(root, { recursive: true });
});

async function exported(config: ClassifyConfigInput, train: SeriesSet) {
  const folder = join(root, `${fits++}`);
  const fit = train.labels ? fitClassifier : fitRegressor;
  await fit({ config: { ...tiny, ...config }, train, backend, folder });
  const { file, metadata } = await exportClassifier(folder);
  const session = await onnx.InferenceSession.create(file, { intraOpNumThreads: 1 });
  return { folder, session, metadata };
}

/** `[B, L, C]`, NaN beyond the end of a series, longer ones cut. */
function valuesOf({ series, channels }: SeriesSet, length: number): onnx.Tensor {
  const values = series.flatMap(({ values: columns }) =>
    Array.from({ length }, (_, i) => columns.map((column) => column[i] ?? Number.NaN)).flat(),
  );
  return new onnx.Tensor('float32', Float32Array.from(values), [series.length, length, channels.length]);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((x, y) => Math.max(x, y), 0);
}

/** The set in another unit, with a level that float32 can hardly hold the details of. */
function inOtherUnits(set: SeriesSet): SeriesSet {
  return createSeriesSet({
    ...set,
    series: set.series.map(({ id, values }) => ({
      id,
      values: values.map((column, c) => column.map((value) => (c === 0 ? value * 1e3 + 1e5 : value / 1e4))),
    })),
  });
}

describe('an exported classifier predicts from raw series what the library predicts', () => {
  test.each<[string, ClassifyConfigInput]>([
    ['two networks', { members: 2 }],
    [
      'attention pooling and a class token',
      { poolings: ['attention', 'max'], model: { ...tiny.model, classToken: true } },
    ],
    ['channels one by one', { model: { ...tiny.model, channels: 'independent' } }],
    ['each series by its own mean and deviation', { model: { ...tiny.model, normalise: 'per-series' } }],
    ['series as they are, points averaged', { model: { ...tiny.model, normalise: 'none', pooling: 3 } }],
    [
      'patches that reach beyond the end, without differences',
      { model: { ...tiny.model, patchLength: 5, patchStride: 3, differences: false } },
    ],
  ])('%s', async (_, config) => {
    const train = config.model?.normalise === 'none' ? waves(24) : inOtherUnits(waves(24));
    const { folder, session, metadata } = await exported(config, train);
    const classifier = await loadClassifier(folder, backend);
    const classes = JSON.parse(metadata['patchbert.classes']!) as string[];
    for (const batch of [1, 7, 64]) {
      const fresh = waves(batch, 30);
      const set = config.model?.normalise === 'none' ? fresh : inOtherUnits(fresh);
      const own = await classifier.predict(set);
      const outputs = await session.run({ values: valuesOf(set, Number(metadata['patchbert.length'])) });
      expect(outputs.probabilities!.dims).toEqual([batch, classes.length]);
      const ownProbabilities = own.flatMap((one) => ('label' in one ? one.probabilities : []));
      const found = outputs.probabilities!.data as Float32Array;
      expect(largestDifference(found, ownProbabilities)).toBeLessThan(1e-5);
      expect(Array.from(outputs.label!.data as Int32Array, (place) => classes[place])).toEqual(
        own.map((one) => ('label' in one ? one.label : undefined)),
      );
      const features = await classifier.embed(set);
      expect(outputs.features!.dims).toEqual([batch, features.columns]);
      expect(largestDifference(outputs.features!.data as Float32Array, features.values)).toBeLessThan(2e-5);
    }
    classifier.dispose();
  });
});

test('what lies beyond the length of the model changes nothing, here and there', async () => {
  const model = {
    ...tiny.model,
    length: 16,
    patchLength: 4,
    patchStride: 2,
    normalise: 'per-series',
  } as const;
  const { folder, session } = await exported({ model }, waves(24));
  const classifier = await loadClassifier(folder, backend);
  const set = waves(7, 30);
  const own = await classifier.predict(set);
  const found = await session.run({ values: valuesOf(set, 16) });
  const ownProbabilities = own.flatMap((one) => ('label' in one ? one.probabilities : []));
  expect(largestDifference(found.probabilities!.data as Float32Array, ownProbabilities)).toBeLessThan(1e-5);
  classifier.dispose();
});

test('an exported regressor predicts values in their unit', async () => {
  const { folder, session, metadata } = await exported({}, paces(24));
  const regressor = await loadClassifier(folder, backend);
  const set = paces(7, 24);
  const own = (await regressor.predict(set)).map((one) => ('value' in one ? one.value : Number.NaN));
  const { value } = await session.run({ values: valuesOf(set, Number(metadata['patchbert.length'])) });
  expect(value!.dims).toEqual([7]);
  expect(largestDifference(value!.data as Float32Array, own)).toBeLessThan(1e-4);
  expect(metadata['patchbert.kind']).toBe('regressor');
  regressor.dispose();
});
