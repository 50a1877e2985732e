import { join } from 'node:path';
import type { Backend, Program } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import {
  adamW,
  loadCheckpoint,
  optimiserScalars,
  saveCheckpoint,
  signatureOf,
  trainingStep,
} from '@patchbert/train';
import { describe, expect, it } from 'vitest';
import {
  classificationBatch,
  createPatchTST,
  drawPatchMask,
  drawPatchTSTDropout,
  exportPatchTST,
  forecastingBatch,
  importPatchTST,
  learnedParameters,
  openPatchTST,
  type PatchTSTModel,
  patchtstObjective,
  pretrainingBatch,
  regressionBatch,
  withTask,
} from '../src/index.ts';
import { engines, startedBackend } from './support/backends.ts';
import { temporaryFolder } from './support/model-folder.ts';
import { normalTensor, smallModel, smallSeries } from './support/small-models.ts';

const folder = temporaryFolder();
const optimiser = adamW({ clipNorm: 1, weightDecay: 0.01 });
const RATE = 0.01;

/** What a model is trained on at a step. */
function batchAt({ config }: PatchTSTModel, step: number): HostTensors {
  const series = smallSeries(6, step);
  const key = deriveKey(randomKey(0), 'step', step);
  const dropout = drawPatchTSTDropout(config, 6, key);
  switch (config.task) {
    case 'pretrain':
      return { ...pretrainingBatch(config, series, drawPatchMask(config, 6, key)), ...dropout };
    case 'classify':
      return { ...classificationBatch(config, series, [0, 1, 2, 0, 1, 2]), ...dropout };
    case 'regress':
      return { ...regressionBatch(config, series, normalTensor([6, 3], 5)), ...dropout };
    default:
      return { ...forecastingBatch(config, series, smallSeries(6, step + 100, 3).values), ...dropout };
  }
}

async function compiled(
  backend: Backend,
  model: PatchTSTModel,
  optimiserState?: HostTensors,
): Promise<Program> {
  const learned = learnedParameters(model.config);
  const fresh = optimiser.initialState(
    Object.fromEntries(learned.map((name) => [name, model.parameters[name]!])),
  );
  const state = { ...model.parameters, ...(optimiserState ?? fresh) };
  const step = trainingStep(patchtstObjective(model.config), optimiser, learned);
  const inputs = { ...batchAt(model, 1), ...optimiserScalars(optimiser, 1, RATE) };
  const program = await backend.compile(step, signatureOf(state, inputs));
  await program.writeState(state);
  return program;
}

async function train(program: Program, model: PatchTSTModel, from: number, to: number): Promise<number[]> {
  const losses: number[] = [];
  for (let step = from; step <= to; step++) {
    const outputs = await program.run({
      ...batchAt(model, step),
      ...optimiserScalars(optimiser, step, RATE),
    });
    losses.push(outputs.loss!.data[0]!);
  }
  return losses;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each(engines)('on $name', (adapter) => {
  const backend = startedBackend(adapter);

  it.each([
    { task: 'pretrain', norm: 'batch', normPlacement: 'post', classToken: true },
    { task: 'forecast', norm: 'batch', pooling: 'none', channelAttention: true },
    { task: 'classify', norm: 'batch', pooling: 'max', embedding: 'per-channel' },
    { task: 'regress', norm: 'layer', scaling: 'mean' },
  ] as const)('a model learns: %j', async (options) => {
    const model = smallModel(options);
    const program = await compiled(backend(), model);
    const losses = await train(program, model, 1, 25);
    expect(mean(losses.slice(-5))).toBeLessThan(0.9 * mean(losses.slice(0, 5)));
    const { config, parameters } = model;
    const after = await program.readState(Object.keys(parameters));
    for (const [name, before] of Object.entries(parameters)) {
      const fixed = name === 'encoder.position';
      expect(after[name]!.data.join() === before.data.join(), name).toBe(fixed);
    }
    if (config.norm === 'batch') expect(after['encoder.layers.0.attentionNorm.batchCount']!.data[0]).toBe(25);
  });

  it('goes on from a checkpoint with the same bits, running statistics and all', async () => {
    const model = smallModel({ dropout: { path: 0.1, head: 0.1 } });
    const program = await compiled(backend(), model);
    await train(program, model, 1, 4);
    const state = await program.readState();
    const parameters = Object.fromEntries(Object.keys(model.parameters).map((name) => [name, state[name]!]));
    const moments = Object.fromEntries(Object.entries(state).filter(([name]) => !(name in parameters)));
    const path = await saveCheckpoint(join(folder, adapter.name), {
      step: 4,
      parameters,
      optimiser: moments,
      facts: { config: {}, model: model.config, backend: adapter.name, engine: '', dataFingerprint: '' },
    });
    await train(program, model, 5, 7);

    const saved = await loadCheckpoint(path);
    const resumed = { ...model, parameters: saved.parameters };
    const second = await compiled(backend(), resumed, saved.optimiser);
    await train(second, resumed, 5, 7);
    expect(await second.readState()).toEqual(await program.readState());
  });

  it('predicts by running statistics, whatever the batch', async () => {
    const model = smallModel();
    const program = await compiled(backend(), model);
    await train(program, model, 1, 10);
    const parameters = await program.readState(Object.keys(model.parameters));
    const trained = { ...model, parameters };
    const open = openPatchTST(trained, backend(), { batchSize: 4 });
    const all = await open.forecast(smallSeries(6));
    const { values } = smallSeries(6);
    const first = { values: { ...values, data: values.data.slice(0, 40), shape: [1, 20, 2] } };
    const alone = await open.forecast(first);
    expect(all.shape).toEqual([6, 3, 2]);
    expect(alone.data).toEqual(all.data.slice(0, 6));

    // Other running statistics, other forecasts: those of the batch have no say.
    const name = 'encoder.layers.1.feedForwardNorm.runningMean';
    const moved = { ...parameters[name]!, data: Float32Array.from(parameters[name]!.data, (x) => x + 1) };
    const other = openPatchTST({ ...trained, parameters: { ...parameters, [name]: moved } }, backend(), {
      batchSize: 4,
    });
    expect((await other.forecast(first)).data).not.toEqual(alone.data);
  });

  it('pretrains, forecasts with the same encoder, leaves and comes back', async () => {
    const pretrained = smallModel({ task: 'pretrain', position: 'learned' });
    const program = await compiled(backend(), pretrained);
    await train(program, pretrained, 1, 3);
    const parameters = await program.readState(Object.keys(pretrained.parameters));
    const forecaster = withTask(
      { ...pretrained, parameters },
      { task: 'forecast', horizon: 5, pooling: 'none' },
      randomKey(1),
    );
    expect(forecaster.parameters['encoder.position']).toEqual(parameters['encoder.position']);
    expect(forecaster.parameters['head.weight']!.shape).toEqual([5, 40]);
    const path = join(folder, `${adapter.name}-forecaster`);
    await exportPatchTST(forecaster, path);
    const before = await openPatchTST(forecaster, backend()).forecast(smallSeries(2));
    const after = await openPatchTST(await importPatchTST(path), backend()).forecast(smallSeries(2));
    expect(after).toEqual(before);
  });
});

it('there is nothing to lower without a head', () => {
  const { config } = createPatchTST(
    { task: 'encode', contextLength: 20, patchLength: 4, patchStride: 4 },
    randomKey(0),
  );
  expect(() => patchtstObjective(config)).toThrow(/has no head and nothing to lower/);
});
