import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import {
  type ClassifyConfigInput,
  crossValidate,
  fitClassifier,
  fitRegressor,
  loadClassifier,
} from '@patchbert/classify';
import { createSeriesSet, type SeriesSet, selectSeries } from '@patchbert/data';
import { auditLeaks, plainFolds, type RunResults } from '@patchbert/evaluation';
import { deriveKey, randomKey } from '@patchbert/random';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { paces, tiny, waves } from './support/waves.ts';

let backend: Backend;
let folder = '';
let fits = 0;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbert-leaks-'));
  backend = await onnxCpu.create({ threads: 1 });
});
afterAll(async () => {
  await backend.dispose();
  rmSync(folder, { recursive: true });
});

const columnsOf = ({ series }: SeriesSet) => series.flatMap(({ values }) => values);

function withColumns(set: SeriesSet, columns: readonly Float32Array[]): SeriesSet {
  const channels = set.channels.length;
  return createSeriesSet({
    ...set,
    series: set.series.map(({ id }, s) => ({ id, values: columns.slice(channels * s, channels * (s + 1)) })),
  });
}

/** Everything a fit leaves, for other values of the series of both files. */
async function audit(
  fit: typeof fitClassifier,
  make: typeof waves,
  config: ClassifyConfigInput,
  scaled: 'by training series' | 'by all series' = 'by training series',
) {
  const [train, held] = [make(10), make(6, 10)];
  const trainColumns = columnsOf(train);
  const columns = [...trainColumns, ...columnsOf(held)];
  const run = async (given: readonly Float32Array[]): Promise<RunResults> => {
    const path = join(folder, `fit-${fits++}`);
    const { results } = await fit({
      config: { ...tiny, baselines: false, ...config },
      train: withColumns(train, given.slice(0, trainColumns.length)),
      test: withColumns(held, given.slice(trainColumns.length)),
      backend,
      folder: path,
    });
    const tensors = readdirSync(path).filter((name) => name.endsWith('.safetensors'));
    const { inputs } = JSON.parse(readFileSync(join(path, 'classifier.json'), 'utf8')) as {
      inputs: { scaler: { mean: number[]; deviation: number[] }; differenceScale: number };
    };
    const peak = scaled === 'by all series' ? given.map((column) => Math.max(...column)) : [];
    return {
      weights: tensors.flatMap((name) => [...readFileSync(join(path, name))]),
      scaler: [...inputs.scaler.mean, ...inputs.scaler.deviation, inputs.differenceScale, ...peak],
      scores: results.map(({ classes, values }) => classes?.logLoss ?? values!.rmse),
    };
  };
  const marked = (from: number, until: number) =>
    // The last point stays: a series without any value is refused.
    columns.map(({ length }, c) =>
      new Uint8Array(length).fill(c >= from && c < until ? 1 : 0, 0, length - 1),
    );
  const findings = await auditLeaks({
    run,
    columns,
    trials: [
      {
        what: 'most test series',
        cells: marked(trainColumns.length, columns.length - 2),
        unmoved: ['weights', 'scaler'],
        moved: ['scores'],
      },
      { what: 'a training series', cells: marked(0, 2), moved: ['weights', 'scaler', 'scores'] },
    ],
  });
  return findings.filter(({ passed }) => !passed).map(({ check, detail }) => `${check}: ${detail}`);
}

describe('what is learned from a training file does not see the test file', () => {
  test('classes, fine-tuned encoder, head and ridge', async () => {
    expect(await audit(fitClassifier, waves, {})).toEqual([]);
  });

  test('values', async () => {
    expect(await audit(fitRegressor, paces, { adapt: 'ridge' })).toEqual([]);
  });

  test('(a scaler fitted on both files is caught)', async () => {
    const failed = await audit(fitClassifier, waves, { adapt: 'ridge' }, 'by all series');
    expect(failed.join()).toMatch(/^most test series \+ 1e6: scaler .*most test series missing: /);
  });
});

test('the held-out values of a fold move its errors and not its predictions', async () => {
  const train = paces(12);
  const [fold] = plainFolds(12, 3, deriveKey(randomKey(0), 'folds'));
  const config = { ...tiny, adapt: 'ridge' } as const;
  const squares = async (shift: number) => {
    const targets = train.targets!.map((value, i) => (fold!.includes(i) ? value + shift : value));
    const { candidates } = await crossValidate({
      kind: 'value',
      train: createSeriesSet({ ...train, targets }),
      candidates: [{ label: 'one', config }],
      folds: 3,
      backend,
    });
    return candidates[0]!.perFold.map((rmse) => rmse ** 2);
  };
  const [minus, none, plus] = [await squares(-50), await squares(0), await squares(50)];
  // (y + d - p)^2 and (y - d - p)^2 have the mean (y - p)^2 + d^2 when p stays.
  expect((plus[0]! + minus[0]!) / 2 - none[0]!).toBeCloseTo(50 ** 2, 5);
  // In the other folds these values are learned from: the control.
  expect(Math.abs((plus[1]! + minus[1]!) / 2 - none[1]! - 50 ** 2)).toBeGreaterThan(1);
});

test('classes are those of the model, also where a set lacks one', async () => {
  const path = join(folder, 'classes');
  await fitClassifier({ config: { ...tiny, adapt: 'ridge' }, train: waves(16), backend, folder: path });
  const { target } = JSON.parse(readFileSync(join(path, 'classifier.json'), 'utf8')) as {
    target: { classes: string[] };
  };
  expect(target.classes).toEqual(['fast', 'slow']);
  const loaded = await loadClassifier(path, backend);
  const held = waves(9, 16);
  const slow = held.labels!.flatMap((label, i) => (label === 'slow' ? [i] : []));
  const all = await loaded.predict(held);
  expect(await loaded.predict(selectSeries(held, slow))).toEqual(slow.map((i) => all[i]));
  loaded.dispose();
});
