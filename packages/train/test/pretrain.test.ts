import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Backend, tfjsCpu } from '@patchbert/backend';
import { createFrame, selectChannels } from '@patchbert/data';
import { describe, expect, it } from 'vitest';
import {
  type PretrainConfigInput,
  type PretrainEvent,
  type PretrainReceipt,
  pretrain,
  readMetrics,
  readPretrainedRows,
  summariseRun,
} from '../src/index.ts';
import { finalBits, readJsonFile, temporaryFolder, tinyConfig, tinyRun, waves } from './support/tiny-run.ts';

describe('pretrain', () => {
  it('leaves a complete run folder and reports progress', async () => {
    const events: PretrainEvent[] = [];
    const result = await tinyRun({ onEvent: (event) => events.push(event), command: 'patchbert-pretrain' });
    expect(result).toMatchObject({ status: 'finished', step: tinyConfig.steps });
    expect(result.evaluation?.errors.map(({ method }) => method)).toEqual([
      'model',
      'linear interpolation',
      'last value',
      'window mean',
    ]);
    expect(readdirSync(result.runFolder).sort()).toEqual([
      'checkpoints',
      'config.json',
      'environment.json',
      'evaluation.json',
      'gallery.json',
      'metrics.jsonl',
      'receipt.json',
    ]);
    const metrics = await readMetrics(join(result.runFolder, 'metrics.jsonl'));
    expect(metrics.filter(({ kind }) => kind === 'training').map(({ step }) => step)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(metrics.filter(({ kind }) => kind === 'validation').map(({ step }) => step)).toEqual([3, 6, 8]);
    expect(events[0]).toMatchObject({
      type: 'prepared',
      firstStep: 1,
      steps: 8,
      patchCount: 6,
      maskedPatches: 2,
    });
    expect(events.filter(({ type }) => type === 'step')).toHaveLength(8);
    expect(events.at(-1)?.type).toBe('evaluation');

    const receipt = readJsonFile<PretrainReceipt>(result.runFolder, 'receipt.json');
    expect(receipt).toMatchObject({
      status: 'finished',
      command: 'patchbert-pretrain',
      seed: 0,
      steps: { done: 8, planned: 8, schedule: 8 },
      split: { train: { start: 0, end: 168 }, validation: { start: 168, end: 192 } },
      windows: { trainSeries: 2 * (168 - 26 + 1), droppedPoints: 2, seriesPerStep: 3 },
    });
    expect(receipt.windows.validationReads.end).toBeLessThanOrEqual(192);
    expect(receipt.sessions).toHaveLength(1);
    expect(await readPretrainedRows(result.runFolder)).toMatchObject({
      status: 'finished',
      contextLength: 26,
      rows: 240,
      train: [{ start: 0, end: 168 }],
    });
    expect(await readPretrainedRows(join(result.runFolder, 'checkpoints'))).toBeUndefined();

    const summary = await summariseRun(result.runFolder);
    expect(summary.training).toHaveLength(8);
    expect(summary.errorsByChannel.map(({ channel }) => channel)).toEqual(['fast', 'slow']);
    for (const window of summary.gallery) {
      expect(window.truth.length).toBe(24);
      window.masked.forEach((masked, i) => {
        expect(window.reconstruction[i] === null).toBe(!masked);
      });
    }
  });

  it('gives the same bits for the same seed, seed 0 like any other, and other bits for another', async () => {
    const config = (seed: number) => ({ ...tinyConfig, steps: 3, seed });
    const [zero, again, one] = [
      finalBits(await tinyRun({ config: config(0) })),
      finalBits(await tinyRun({ config: config(0) })),
      finalBits(await tinyRun({ config: config(1) })),
    ];
    expect(again).toEqual(zero);
    expect(one.model.equals(zero.model)).toBe(false);
  });

  it.each([
    { corruption: 'zero', model: { ...tinyConfig.model, decoder: undefined } },
    { corruption: 'token', model: { ...tinyConfig.model, decoder: undefined, dropout: 0.2 } },
    { corruption: 'bert', model: { ...tinyConfig.model, decoder: undefined }, maskChannels: 'shared' },
    { target: 'per-patch-normalised', sampling: 'windows', batchSize: 2, remainder: 'pad' },
    { schedule: 'one-cycle', clipNorm: null, masking: { geometry: 'forecast', patches: 2 } },
  ] as const)('trains with %o', async (overrides) => {
    const result = await tinyRun({ config: { ...tinyConfig, ...overrides, steps: 3 } });
    for (const { maskedError } of result.evaluation!.errors) expect(Number.isFinite(maskedError)).toBe(true);
  });

  it('names an option that JavaScript left out', async () => {
    const frame = waves();
    for (const options of [{}, { data: frame }, { data: { frame } }]) {
      await expect(pretrain(options as never)).rejects.toMatchObject({ code: 'train/bad-options' });
    }
  });

  it('learns to fill a wave better than straight lines do', async () => {
    const frame = selectChannels(waves(), ['fast']);
    const model = { ...tinyConfig.model, width: 16, decoder: { width: 16, heads: 2, feedForwardWidth: 16 } };
    const config = {
      ...tinyConfig,
      model,
      steps: 160,
      batchSize: 8,
      validationSeries: 8,
      validateEvery: 160,
      learningRate: 0.01,
    };
    const { evaluation } = await tinyRun({ config, data: { frame } });
    const [trained, line] = evaluation!.errors;
    expect(trained!.maskedError).toBeLessThan(0.6 * line!.maskedError);
  });

  it('never reads test rows, and validation rows never reach the weights', async () => {
    const poisoned = (from: number, to: number) => {
      const frame = waves();
      const columns = frame.columns.map((column) =>
        column.map((value, row) => (row >= from && row < to ? 1e9 : value)),
      );
      return { frame: createFrame({ ...frame, columns }) };
    };
    const clean = await tinyRun();
    const test = await tinyRun({ data: poisoned(192, 240) });
    const validation = await tinyRun({ data: poisoned(168, 192) });
    expect(finalBits(test)).toEqual(finalBits(clean));
    expect(test.evaluation).toEqual(clean.evaluation);
    expect(finalBits(validation).optimiser).toEqual(finalBits(clean).optimiser);
    expect(validation.evaluation).not.toEqual(clean.evaluation);
  });

  it('turns minutes into steps, once, and writes them down', async () => {
    const runFolder = temporaryFolder();
    const result = await tinyRun({ runFolder, minutes: 1e-9, config: { ...tinyConfig, steps: 77 } });
    expect(result.step).toBe(1);
    expect(readJsonFile<{ steps: number }>(runFolder, 'config.json').steps).toBe(1);
    await expect(tinyRun({ runFolder, resume: true, minutes: 1 })).rejects.toMatchObject({
      code: 'train/bad-minutes',
    });
    const measured = finalBits(result);
    expect(measured).toEqual(finalBits(await tinyRun({ config: { ...tinyConfig, steps: 1 } })));
  });

  it('refuses what cannot work before writing anything', async () => {
    const runFolder = join(temporaryFolder(), 'new');
    const refused = async (config: unknown, code: string, text: RegExp) => {
      const attempt = tinyRun({ runFolder, config: config as PretrainConfigInput });
      await expect(attempt).rejects.toMatchObject({ code, message: expect.stringMatching(text) });
    };
    await refused({ ...tinyConfig, bachSize: 3 }, 'config/invalid', /Did you mean "batchSize"/);
    await refused({ ...tinyConfig, steps: 10, scheduleSteps: 5 }, 'config/invalid', /scheduleSteps/);
    await refused({ ...tinyConfig, model: { heads: 3 } }, 'config/invalid', /heads/);
    await refused(
      { ...tinyConfig, contextLength: 999 },
      'data/too-few-rows',
      /training rows .* contextLength 999/,
    );
    await refused(
      { ...tinyConfig, data: { source: 'x', split: { train: 0.9, validation: 0.2 } } },
      'config/invalid',
      /train/,
    );
    expect(existsSync(runFolder)).toBe(false);
  });

  it('leaves no folder behind when the step does not compile', async () => {
    const parent = temporaryFolder();
    const backend: Backend = {
      ...(await tfjsCpu.create()),
      compile: () => Promise.reject(new Error('no kernel')),
    };
    const runFolder = join(parent, 'runs', 'new');
    await expect(tinyRun({ runFolder, backend })).rejects.toThrow('no kernel');
    expect(readdirSync(parent)).toEqual([]);
    await expect(tinyRun({ runFolder: parent, backend })).rejects.toThrow('no kernel');
    expect(readdirSync(parent)).toEqual([]);
    await backend.dispose();
  });

  it('says that a run folder cannot be created', async () => {
    const parent = temporaryFolder();
    const blocked = join(parent, 'file');
    writeFileSync(blocked, '');
    // Below /proc Node's own recursive mkdir would never return.
    for (const runFolder of [blocked, join(blocked, 'run'), '/proc/nobody/run']) {
      await expect(tinyRun({ runFolder })).rejects.toMatchObject({ code: 'train/run-folder-not-created' });
    }
    expect(readdirSync(parent)).toEqual(['file']);
  });

  it('never writes into a folder that holds something', async () => {
    const { runFolder } = await tinyRun({ config: { ...tinyConfig, steps: 1 } });
    await expect(tinyRun({ runFolder })).rejects.toMatchObject({ code: 'train/run-folder-not-empty' });
  });

  it('stops with the step and the last checkpoint when training diverges', async () => {
    const config = { ...tinyConfig, schedule: 'constant', learningRate: 1e30, clipNorm: null } as const;
    await expect(tinyRun({ config })).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(/step \d/),
    });
  });
});
