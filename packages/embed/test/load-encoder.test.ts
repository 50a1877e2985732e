import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { panelOf } from '@patchbert/data';
import { fitForecaster } from '@patchbert/forecast';
import { checkpointPath, pretrain } from '@patchbert/train';
import { beforeAll, expect, test } from 'vitest';
import { loadEncoder, openEmbedder } from '../src/index.ts';
import { embedAll, largestDifference, temporaryFolder, testBackend, waves } from './support/tiny-encoder.ts';

const frame = waves(400);
let folder = '';
let run = '';

beforeAll(async () => {
  folder = temporaryFolder();
  run = join(folder, 'run');
  await pretrain({
    config: {
      data: { source: 'waves' },
      contextLength: 32,
      patchLength: 4,
      model: { preset: 'tiny', width: 8, layers: 1, heads: 2, feedForwardWidth: 8 },
      batchSize: 8,
      steps: 8,
      learningRate: 0.01,
      validationSeries: 8,
    },
    data: { frame },
    backend: await testBackend(),
    runFolder: run,
  });
});

async function vectorsOf(path: string, horizon?: number) {
  const embedder = openEmbedder(await testBackend(), await loadEncoder(path, { horizon }));
  const { vectors } = await embedAll(embedder, frame);
  embedder.dispose();
  return vectors;
}

async function fitted(name: string, config: Partial<Parameters<typeof fitForecaster>[0]['config']>) {
  const to = join(folder, name);
  await fitForecaster({
    config: { horizons: [4, 8], batchSize: 32, contextLength: 32, ...config },
    data: panelOf(frame),
    checkpoint: run,
    backend: await testBackend(),
    folder: to,
  });
  return to;
}

test('a run, its checkpoint and a forecaster on its frozen encoder give the same vectors', async () => {
  const ofRun = await vectorsOf(run);
  expect(largestDifference(await vectorsOf(checkpointPath(join(run, 'checkpoints'), 8)), ofRun)).toBe(0);
  const frozen = await fitted('frozen', {});
  expect(largestDifference(await vectorsOf(frozen), ofRun)).toBe(0);
  expect((await loadEncoder(run)).source).toContain('step-00000008');
  expect((await loadEncoder(frozen)).source).toBe(`${frozen}, horizon 8`);
});

test('a fine-tuned forecaster has an encoder for each horizon', async () => {
  const tuned = await fitted('tuned', { adapt: 'fine-tune', training: { steps: 3 } });
  const [short, long] = [await vectorsOf(tuned, 4), await vectorsOf(tuned, 8)];
  expect(largestDifference(await vectorsOf(tuned), long)).toBe(0);
  expect(largestDifference(short, long)).toBeGreaterThan(1e-6);
  expect(largestDifference(long, await vectorsOf(run))).toBeGreaterThan(1e-6);
  await expect(loadEncoder(tuned, { horizon: 5 })).rejects.toThrow(/no horizon 5; expected one of 4, 8/);
});

test('what holds no encoder of windows is refused, with what to do', async () => {
  const linear = await fitted('linear', { linearWeight: 1 });
  await expect(loadEncoder(linear)).rejects.toThrow(/linear model alone/);
  await expect(loadEncoder(run, { horizon: 4 })).rejects.toThrow(/has no horizon 4; leave the horizon out/);
  await expect(loadEncoder(join(folder, 'nothing'))).rejects.toThrow(/does not exist/);
  await expect(loadEncoder(folder)).rejects.toThrow(/holds no encoder/);
  const series = join(folder, 'series');
  mkdirSync(series);
  writeFileSync(join(series, 'classifier.json'), '{}');
  await expect(loadEncoder(series)).rejects.toThrow(/whole series.*windowsAsSeries/);
  expect(() => openEmbedder({} as never, {} as never, { batchSize: 0 })).toThrow(/batchSize is 0/);
});
