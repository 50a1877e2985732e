import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { crossValidate, type FitEvent } from '@patchbert/classify';
import { createSeriesSet } from '@patchbert/data';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { paces, tiny, waves } from './support/waves.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await onnxCpu.create({ threads: 1 });
});
afterAll(() => backend.dispose());

const ridge = { ...tiny, adapt: 'ridge', pretraining: { training: { steps: 1, batchSize: 8 } } } as const;
const train = waves(18);

test('scores every candidate on the same folds and chooses the best', async () => {
  const candidates = [
    { label: 'blind', config: { ...ridge, model: { ...tiny.model, pooling: 28 } } },
    { label: 'seeing', config: ridge },
    { label: 'seeing again', config: ridge },
  ];
  const found = await crossValidate({ train, candidates, folds: 3, backend });
  expect(found).toMatchObject({ folds: 3, measure: 'accuracy' });
  const [blind, seeing, again] = found.candidates;
  expect(seeing!.score).toBeGreaterThan(blind!.score);
  expect(again).toEqual({ ...seeing, label: 'seeing again', chosen: false });
  expect(found.candidates.map(({ chosen }) => chosen)).toEqual([false, true, false]);
  for (const { score, perFold, logLoss } of found.candidates) {
    expect(perFold).toHaveLength(3);
    expect(score).toBeCloseTo(perFold.reduce((sum, one) => sum + one, 0) / 3, 12);
    expect(logLoss).toBeGreaterThan(0);
  }
});

test('folds and scores follow from the seed', async () => {
  const once = (seed: number) =>
    crossValidate({ train, candidates: [{ label: 'one', config: ridge }], folds: 2, seed, backend });
  expect(await once(1)).toEqual(await once(1));
  expect((await once(2)).candidates[0]!.logLoss).not.toBe((await once(1)).candidates[0]!.logLoss);
});

test('of values has an error that is the lower the better', async () => {
  const candidates = [
    { label: 'blind', config: { ...ridge, model: { ...tiny.model, pooling: 28 } } },
    { label: 'seeing', config: ridge },
  ];
  const found = await crossValidate({ kind: 'value', train: paces(18), candidates, folds: 3, backend });
  expect(found.measure).toBe('root mean squared error');
  expect(found.candidates[1]).toMatchObject({ chosen: true });
  expect(found.candidates[1]!.score).toBeLessThan(found.candidates[0]!.score);
  expect(found.candidates[0]).not.toHaveProperty('logLoss');
});

test('a class with fewer series than folds is in some of them', async () => {
  const labels = train.labels!.map((label, i) => (i === 5 ? 'odd' : label));
  const rare = createSeriesSet({ ...train, labels });
  const config = { ...ridge, allowSingleExamples: true };
  const found = await crossValidate({
    train: rare,
    candidates: [{ label: 'one', config }],
    folds: 3,
    backend,
  });
  expect(found.candidates[0]!.perFold.every((score) => score >= 0 && score <= 1)).toBe(true);
});

test('trains no controls, whatever the settings say, and stops when it is told to', async () => {
  const stages: string[] = [];
  const controller = new AbortController();
  const onEvent = (event: FitEvent) => {
    if (event.type === 'stage') stages.push(event.text);
    if (event.type === 'step') controller.abort();
  };
  const candidates = [{ label: 'one', config: { ...ridge, control: true } }];
  const running = crossValidate({ train, candidates, folds: 3, backend, onEvent, signal: controller.signal });
  await expect(running).rejects.toThrow(expect.objectContaining({ code: 'classify/interrupted' }));
  expect(stages).toEqual(['one: fold 1 of 3']);
});

test.each([
  ['no candidate', [], 2, 'classify/no-candidate'],
  ['a misspelt setting', [{ label: 'one', config: { member: 1 } as object }], 2, 'config/invalid'],
  ['more folds than series', [{ label: 'one', config: ridge }], 19, 'evaluation/bad-option'],
] as const)('%s is an error', async (_, candidates, folds, code) => {
  const refused = crossValidate({ train, candidates, folds, backend });
  await expect(refused).rejects.toThrow(expect.objectContaining({ code }));
});

test('refuses folds that would be scored by labels a candidate may not read', async () => {
  const candidates = [{ label: 'few', config: { ...ridge, labelsPerClass: 2 } }];
  await expect(crossValidate({ train, candidates, folds: 2, backend })).rejects.toThrow(
    /few: folds are scored by the labels of all training series/,
  );
});
