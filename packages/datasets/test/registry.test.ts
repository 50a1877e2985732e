import { gridWindowCount, windowGrid } from '@patchbert/data';
import { datasetSplit, type ForecastingDataset, findDataset, standardDatasets } from '@patchbert/datasets';
import { describe, expect, test } from 'vitest';

const forecasting = standardDatasets.filter((dataset) => dataset.task === 'forecasting');
const classification = standardDatasets.filter((dataset) => dataset.task === 'classification');
const named = (name: string) => findDataset(name) as ForecastingDataset;

test('the archives are complete and every name is there once', () => {
  expect(classification.filter(({ archive }) => archive === 'UCR')).toHaveLength(128);
  expect(classification.filter(({ archive }) => archive === 'UEA')).toHaveLength(30);
  expect(forecasting.map(({ name }) => name)).toEqual([
    'beijing-air-quality',
    'ETTh1',
    'ETTh2',
    'ETTm1',
    'ETTm2',
    'weather',
    'electricity',
    'traffic',
    'exchange',
    'illness',
  ]);
  expect(new Set(standardDatasets.map(({ name }) => name)).size).toBe(standardDatasets.length);
});

describe.each(standardDatasets.map((dataset) => [dataset.name, dataset] as const))('%s', (_, dataset) => {
  test('states its facts, and has a hash for everything it can download', () => {
    for (const text of [dataset.title, dataset.licence, dataset.citation]) expect(text).not.toBe('');
    expect(dataset.homepage).toMatch(/^https:\/\//);
    for (const { name, url, sha256 } of dataset.files) {
      expect(name).toMatch(/^[\w.-]+$/);
      for (const hash of sha256) expect(hash).toMatch(/^[0-9a-f]{64}$/);
      if (url !== undefined) {
        expect(url).toMatch(/^https:\/\//);
        expect(sha256.length).toBeGreaterThan(0);
      }
    }
  });
});

test('file names of the archives', () => {
  expect(findDataset('GunPoint').files.map(({ name }) => name)).toEqual([
    'GunPoint_TRAIN.tsv',
    'GunPoint_TEST.tsv',
  ]);
  expect(findDataset('PEMS-SF').files.map(({ name }) => name)).toEqual([
    'PEMS-SF_TRAIN.ts',
    'PEMS-SF_TEST.ts',
  ]);
});

test.each([
  ['ETTh1', 96, 2785],
  ['ETTh2', 720, 2161],
  ['ETTm1', 96, 11_425],
  ['weather', 96, 10_444],
  ['electricity', 96, 5165],
  ['traffic', 720, 2789],
  ['exchange', 96, 1422],
  ['illness', 24, 170],
])('%s has the published number of test windows at horizon %s: %s', (name, horizon, count) => {
  const dataset = named(name);
  const { test: last } = datasetSplit(dataset, dataset.rows);
  expect(gridWindowCount(windowGrid(last, { windowLength: 104 + horizon, contextLength: 104 }))).toBe(count);
});

test('an unknown name gets the nearest one, or the list', () => {
  expect(() => findDataset('etth1')).toThrow('there is no data set "etth1". Did you mean "ETTh1"?');
  expect(() => findDataset('Gunpoint')).toThrow('Did you mean "GunPoint"?');
  expect(() => findDataset('../../etc/passwd')).toThrow('Known: beijing-air-quality, ETTh1');
  expect(() => findDataset('__proto__')).toThrow(
    expect.objectContaining({ code: 'datasets/unknown-dataset' }),
  );
});
