import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from '@patchbert/command-line';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../../tests/support/workspace.ts';
import { buildProgram, csv, folderWith, run } from './support/program.ts';

const own = join(root, 'examples/custom-backend/index.mjs');
const settings = {
  contextLength: 48,
  pretraining: {
    patchLength: 8,
    model: { preset: 'tiny', width: 8, layers: 1, heads: 2, feedForwardWidth: 16 },
    batchSize: 8,
    steps: 2,
    validationSeries: 8,
    galleryWindows: 1,
  },
};
const fit = [
  'forecast',
  '--config',
  'run.json',
  '--data',
  'load.csv',
  '--horizon',
  '6',
  '--no-control',
  '--quiet',
];

let folder = '';
beforeAll(() => {
  buildProgram();
  folder = folderWith({ 'load.csv': csv(['load'], 400), 'run.json': JSON.stringify(settings) });
});

const json = (path: string) =>
  JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>;

describe('patchbert-finetune', () => {
  it('pretrains, fits and predicts on a backend of one’s own, and the receipt says so', async () => {
    const { code, stderr } = await run(folder, [...fit, '--backend', own, '--output', 'own']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const engine = { backend: 'cpu-fused', backendModule: own };
    expect(json('own/receipt.json')).toMatchObject({ engine });
    expect(json('own/environment.json')).toMatchObject(engine);
    expect(json('own-pretraining/environment.json')).toMatchObject(engine);
    const predict = ['predict', '--model', 'own', '--quiet'];
    const [mine, shipped] = [await run(folder, [...predict, '--backend', own]), await run(folder, predict)];
    expect([mine.code, shipped.code]).toEqual([0, 0]);
    const values = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => Number(line.split(',').at(-1)));
    for (const [row, value] of values(mine.stdout).entries()) {
      expect(value).toBeCloseTo(values(shipped.stdout)[row]!, 3);
    }
  });

  it('repeats a fit from its config.json only when the module is named again', async () => {
    const repeat = ['forecast', '--config', 'own/config.json', '--quiet', '--output', 'again'];
    const { code, stderr } = await run(folder, repeat);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: own\/config\.json names the backend module [^\n]* --backend [^\n]*\n$/);
    expect(existsSync(join(folder, 'again'))).toBe(false);
    expect((await run(folder, [...repeat, '--backend', own])).code).toBe(0);
  });

  it('lists its backends with whether they run here', async () => {
    const { code, stdout } = await run(folder, ['backends', '--json']);
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; available: boolean });
    expect(lines.map(({ name }) => name)).toEqual(adapters.map(({ name }) => name));
    const here = lines.filter(({ available }) => available).map(({ name }) => name);
    expect(here).toEqual(expect.arrayContaining(['onnx-cpu', 'tfjs-wasm', 'tfjs-cpu']));
    for (const page of ['onnx-wasm', 'tfjs-webgl']) {
      expect(lines).toContainEqual(
        expect.objectContaining({ name: page, available: false, reason: expect.stringContaining('page') }),
      );
    }
    const checked = await run(folder, ['backends', own, '--check', '--json']);
    expect(checked.code).toBe(0);
    expect(JSON.parse(checked.stdout)).toMatchObject({
      name: 'cpu-fused',
      check: { passed: true, steps: 3 },
    });
    writeFileSync(join(folder, 'broken.mjs'), 'export const adapters = [{}];');
    expect(await run(folder, ['backends', './broken.mjs'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: [^\n]*adapters\[0\][^\n]*\n$/),
    });
  });
});
