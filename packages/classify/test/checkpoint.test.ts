import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { type ClassifyConfigInput, crossValidate, fitClassifier } from '@patchbert/classify';
import { createSeriesSet, type SeriesSet } from '@patchbert/data';
import { pretrainSeries } from '@patchbert/series';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tiny, waves } from './support/waves.ts';

let backend: Backend;
let folder = '';
let checkpoint = '';
const [train, held] = [waves(24), waves(12, 24)];
const { model, pretraining } = tiny;

const fit = (
  name: string,
  config: ClassifyConfigInput,
  options: { readonly test?: SeriesSet; readonly checkpoint?: string } = {},
) =>
  fitClassifier({
    config: { members: 1, fineTuning: tiny.fineTuning, baselines: false, ...config },
    train,
    backend,
    checkpoint,
    folder: join(folder, name),
    ...options,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbert-classify-'));
  backend = await onnxCpu.create({ threads: 1 });
  checkpoint = join(folder, 'run');
  const config = { data: { source: 'waves' }, model, pretraining } as const;
  await pretrainSeries({ config, series: unlabelled(train), backend, folder: checkpoint });
});
afterAll(async () => {
  await backend.dispose();
  rmSync(folder, { recursive: true });
});

test('gives the model and the weights; what predicts is adapted from them', async () => {
  const { receipt } = await fit('tuned', {}, { test: held });
  expect(receipt.encoder).toMatchObject({ checkpoint: expect.stringContaining(checkpoint) });
  expect(receipt.fitSeconds.pretraining).toBeLessThan(0.5);
  const file = JSON.parse(readFileSync(join(folder, 'tuned/classifier.json'), 'utf8')) as {
    inputs: { model: object };
  };
  expect(file.inputs.model).toMatchObject(model);
});

test('frozen is read by one readout, however many networks were asked for', async () => {
  await fit('frozen', { adapt: 'ridge', members: 3 });
  const { members } = JSON.parse(readFileSync(join(folder, 'frozen/classifier.json'), 'utf8')) as {
    members: unknown[];
  };
  expect(members).toHaveLength(1);
});

test('serves in every fold', async () => {
  const config = { adapt: 'ridge', members: 1 } as const;
  const found = await crossValidate({
    train,
    candidates: [{ label: 'one', config }],
    folds: 2,
    checkpoint,
    backend,
  });
  expect(found.candidates[0]!.perFold).toHaveLength(2);
});

test('knows channels by name: in another order they are the same', async () => {
  const swapped = (set: SeriesSet) =>
    createSeriesSet({
      ...set,
      channels: ['y', 'x'],
      series: set.series.map(({ id, values }) => ({ id, values: [values[1]!, values[0]!] })),
    });
  const one = await fit('in-order', { adapt: 'ridge' }, { test: held });
  const config = { members: 1, adapt: 'ridge', baselines: false } as const;
  const other = await fitClassifier({
    config,
    train: swapped(train),
    test: swapped(held),
    backend,
    checkpoint,
    folder: join(folder, 'swapped'),
  });
  expect(other.results).toEqual(one.results);
});

test('costs what is not known: nothing from scratch is said to cost the same', async () => {
  const { results } = await fit('controlled', { control: true }, { test: held });
  const scratch = results.map(({ method }) => method).filter((method) => method.startsWith('from scratch'));
  expect(scratch).toEqual(['from scratch, same steps']);
});

test('with another model than was asked for, other channels, or that saw the test series is refused', async () => {
  await expect(fit('a', { model: { width: 16 } })).rejects.toThrow(
    expect.objectContaining({
      code: 'classify/other-model',
      message: expect.stringContaining('model.width'),
    }),
  );
  await expect(fit('b', {}, { test: train })).rejects.toThrow(code('classify/pretrained-on-test'));
  await expect(fit('c', {}, { checkpoint: join(folder, 'none') })).rejects.toThrow(
    code('series/no-checkpoint'),
  );
  const one = createSeriesSet({
    ...train,
    channels: ['x'],
    series: train.series.map(({ id, values }) => ({ id, values: values.slice(0, 1) })),
  });
  const refused = fitClassifier({ train: one, backend, checkpoint, folder: join(folder, 'd') });
  await expect(refused).rejects.toThrow(code('classify/other-channels'));
});

function unlabelled({ labels: _labels, ...set }: SeriesSet): SeriesSet {
  return createSeriesSet(set);
}

function code(expected: string) {
  return expect.objectContaining({ code: expected });
}
