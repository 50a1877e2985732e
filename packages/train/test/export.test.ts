import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { tfjsCpu } from '@patchbert/backend';
import { createFrame } from '@patchbert/data';
import type { HostTensors } from '@patchbert/ops';
import * as onnx from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  exportPretrainingStep,
  loadCheckpoint,
  openCheckpoint,
  pretrain,
  readMetrics,
  runFolderAt,
} from '../src/index.ts';
import { temporaryFolder, tinyConfig, waves } from './support/tiny-run.ts';

/** A run of eight steps that stopped after four; the options go on with it. */
async function interrupted() {
  const runFolder = join(temporaryFolder(), 'run');
  const backend = await tfjsCpu.create();
  const options = { data: { frame: waves() }, backend, runFolder };
  await pretrain({ ...options, config: { ...tinyConfig, checkpointEvery: 1 }, stopAfter: 4 });
  return { runFolder, backend, options };
}

function tensors(host: HostTensors): Record<string, onnx.Tensor> {
  return Object.fromEntries(
    Object.entries(host).map(([name, { dtype, data, shape }]) => [name, new onnx.Tensor(dtype, data, shape)]),
  );
}

test('the exported step trains as the run does, from its checkpoint and with its next batch', async () => {
  const { runFolder, backend, options } = await interrupted();
  const { file, feeds, step, metadata } = await exportPretrainingStep(runFolder, options.data);
  expect(step).toBe(5);
  expect(metadata['patchbert.step']).toBe('5');
  const session = await onnx.InferenceSession.create(file, { intraOpNumThreads: 1 });
  expect([...session.inputNames].sort()).toEqual(Object.keys(feeds).sort());
  const outputs = await session.run(tensors(feeds));

  await pretrain({ ...options, resume: true, stopAfter: 5 });
  const { metrics, checkpoints } = runFolderAt(runFolder);
  const record = (await readMetrics(metrics)).find((one) => one.kind === 'training' && one.step === 5);
  const loss = (outputs['output:loss']!.data as Float32Array)[0]!;
  expect(loss).toBeCloseTo((record as unknown as { loss: number }).loss, 5);
  const after = await loadCheckpoint(join(checkpoints, 'step-00000005'));
  for (const [name, { data }] of Object.entries({ ...after.parameters, ...after.optimiser })) {
    // Its gradient is 0 but for rounding, which Adam makes large.
    if (name.endsWith('attention.key.bias')) continue;
    const found = outputs[`next:${name}`]!.data as Float32Array;
    data.forEach((value, i) => {
      expect(Math.abs(found[i]! - value), name).toBeLessThan(1e-5);
    });
  }
  await backend.dispose();
});

describe('what cannot be exported is refused', () => {
  test('other data than those of the run, and a folder without a checkpoint', async () => {
    const { runFolder, backend } = await interrupted();
    const { columns, ...rest } = waves();
    const frame = createFrame({
      ...rest,
      columns: columns.map((column) => column.map((value) => value + 1)),
    });
    await expect(exportPretrainingStep(runFolder, { frame })).rejects.toMatchObject({
      code: 'train/other-data',
    });
    await expect(exportPretrainingStep(temporaryFolder(), { frame })).rejects.toMatchObject({
      code: 'train/no-run',
    });
    await backend.dispose();
  });
});

test('what builds on a run is told of a damaged newest checkpoint, and may name the one before it', async () => {
  const { runFolder, backend } = await interrupted();
  const { checkpoints } = runFolderAt(runFolder);
  expect((await openCheckpoint(runFolder))?.checkpoint.step).toBe(4);
  appendFileSync(join(checkpoints, 'step-00000004', 'model.safetensors'), 'x');
  const before = join(checkpoints, 'step-00000003');
  const refused = openCheckpoint(runFolder);
  await expect(refused).rejects.toMatchObject({ code: 'train/bad-checkpoint' });
  await expect(refused).rejects.toThrow(`name "${before}"`);
  expect((await openCheckpoint(before))?.checkpoint.step).toBe(3);
  expect(await openCheckpoint(temporaryFolder())).toBeUndefined();
  await backend.dispose();
});
