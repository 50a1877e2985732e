import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { adapters } from '@patchbert/command-line';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderWithPackages } from '../../../tests/support/snippets.ts';
import { root } from '../../../tests/support/workspace.ts';
import { buildProgram, csv, quick, run } from './support/program.ts';

const own = './examples/custom-backend/index.mjs';

/** An engine of tfjs under another name, without the kernels of the list. */
const engineWithout = (name: string, lacking: readonly string[]) => `
import { defineBackend, ensureGradients } from '@patchbert/backend';
import * as tf from '@tensorflow/tfjs-core';
export const adapters = [
  defineBackend({
    name: '${name}',
    description: 'lacks ${lacking.join(', ') || 'nothing'}',
    async start() {
      await ensureGradients();
      tf.registerBackend('${name}', tf.findBackendFactory('cpu'));
      for (const kernel of tf.getKernelsForBackend('cpu')) {
        if (!${JSON.stringify(lacking)}.includes(kernel.kernelName)) tf.registerKernel({ ...kernel, backendName: '${name}' });
      }
      return { tfjsBackend: '${name}', capabilities: { trains: true, precision: 'float32', engine: 'test' } };
    },
  }),
];`;

let folder = '';
beforeAll(() => {
  buildProgram();
  folder = folderWithPackages();
  writeFileSync(join(folder, 'load.csv'), csv(['load', 'wind'], 300));
  writeFileSync(join(folder, 'few.json'), JSON.stringify({ validationSeries: 8, galleryWindows: 1 }));
});

const flags = ['--config', 'few.json', '--data', 'load.csv', ...quick];
const json = (path: string) =>
  JSON.parse(readFileSync(join(folder, path), 'utf8')) as Record<string, unknown>;
const losses = (runFolder: string) =>
  readFileSync(join(folder, runFolder, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string; step: number; loss: number })
    .filter(({ kind }) => kind === 'training')
    .map(({ loss }) => loss);

describe('a backend of one’s own', () => {
  it('trains from the module that --backend names, which the run remembers', async () => {
    const data = ['--data', join(folder, 'load.csv'), '--config', join(folder, 'few.json'), ...quick];
    const steps = ['--steps', '3', '--schedule-steps', '6', '--output', join(folder, 'own')];
    const { code, stderr } = await run(root, [...data, ...steps, '--backend', own]);
    expect(stderr).not.toMatch(/^(error|warning)/m);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^backend {2}cpu-fused: tfjs-core 4\.22\.0, JavaScript with fused kernels/m);
    expect(json('own/environment.json')).toMatchObject({ backend: 'cpu-fused', backendModule: own });
    expect(json('own/receipt.json')).toMatchObject({
      command: expect.stringContaining(`--backend ${own}`),
      sessions: [{ backend: 'cpu-fused', backendModule: own }],
      bitExact: true,
    });
  });

  it('resumes exactly when it is named again, and is never loaded on the word of a run folder', async () => {
    const resume = ['--resume', join(folder, 'own'), '--steps', '6'];
    const unnamed = await run(root, resume);
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toMatch(
      /^error: [^\n]*"cpu-fused"[^\n]*name it again with --backend \.\/examples\/[^\n]*\n$/,
    );
    const gone = await run(root, [...resume, '--backend', './gone.mjs']);
    expect(gone).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: [^\n]*no such file[^\n]*\n$/),
    });
    const resumed = await run(root, [...resume, '--backend', own]);
    expect(resumed.stderr).toContain('resumed after step 3');
    expect(resumed.stderr).not.toMatch(/^(error|warning)/m);
    expect(resumed.code).toBe(0);
    expect(json('own/receipt.json')).toMatchObject({
      sessions: [{ lastStep: 3 }, { lastStep: 6 }],
      bitExact: true,
    });
    const stayed = ['--steps', '6', '--quiet', '--output', 'stayed', '--backend', join(root, own)];
    expect((await run(folder, [...flags, ...stayed])).code).toBe(0);
    expect(losses('own')).toEqual(losses('stayed'));
  });

  it('a run folder or a configuration from a stranger imports nothing', async () => {
    writeFileSync(
      join(folder, 'evil.mjs'),
      `import { writeFileSync } from 'node:fs'; writeFileSync('touched', '');`,
    );
    const steps = ['--steps', '2', '--schedule-steps', '4', '--quiet'];
    expect((await run(folder, [...flags, ...steps, '--output', 'strange'])).code).toBe(0);
    for (const backend of [{ backend: 'nice', backendModule: './evil.mjs' }, { backend: './evil.mjs' }]) {
      writeFileSync(join(folder, 'strange/environment.json'), JSON.stringify(backend));
      const { code, stderr } = await run(folder, ['--resume', 'strange', '--steps', '4']);
      expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--backend') });
    }
    writeFileSync(join(folder, 'evil.json'), JSON.stringify({ backend: './evil.mjs' }));
    for (const args of [
      ['--config', 'evil.json'],
      ['series', '--config', 'evil.json'],
    ]) {
      const { code, stderr } = await run(folder, args);
      expect({ code, stderr }).toEqual({
        code: 2,
        stderr: expect.stringMatching(/^error: evil\.json names the backend module "\.\/evil\.mjs"[^\n]*\n$/),
      });
    }
    expect(existsSync(join(folder, 'touched'))).toBe(false);
  });

  it('is refused before the first step when it lacks a kernel, in one line that names it', async () => {
    writeFileSync(join(folder, 'half.mjs'), engineWithout('half', ['Erf']));
    const half = ['--steps', '3', '--output', 'half', '--backend', './half.mjs'];
    const { code, stdout, stderr } = await run(folder, [...flags, ...half]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: backend "half" lacks the tfjs kernel "Erf"[^\n]*\bcpu\b[^\n]*\n$/);
    expect(existsSync(join(folder, 'half/metrics.jsonl'))).toBe(false);
    const checked = await run(folder, ['backends', './half.mjs', '--check']);
    expect(checked.code).toBe(1);
    expect(checked.stdout).toMatch(/^half +failed$/m);
    expect(checked.stdout).toMatch(/^half failed: .*"Erf"/m);
  });
});

describe('a checkpoint of onnx-cpu', () => {
  const others = adapters.map(({ name }) => name).filter((name) => ['tfjs-cpu', 'tfjs-wasm'].includes(name));

  it.each(others)('goes on on %s to the same loss, labelled as not bit-exact', async (other) => {
    const planned = [...flags, '--schedule-steps', '8', '--quiet'];
    const stayed = `${other}-stayed`;
    const moved = `${other}-moved`;
    expect((await run(folder, [...planned, '--steps', '8', '--output', stayed])).code).toBe(0);
    expect((await run(folder, [...planned, '--steps', '4', '--output', moved])).code).toBe(0);
    expect(json(`${moved}/receipt.json`)).toMatchObject({ bitExact: true });
    const resumed = await run(folder, ['--resume', moved, '--steps', '8', '--backend', other]);
    expect(resumed.code).toBe(0);
    expect(resumed.stderr).toMatch(/^warning: another engine than before; .*not bit-exact$/m);
    const [expected, actual] = [losses(stayed), losses(moved)];
    expect(actual).toHaveLength(8);
    expect(actual.slice(0, 4)).toEqual(expected.slice(0, 4));
    for (const [index, loss] of actual.entries()) {
      expect(Math.abs(loss - expected[index]!), `loss of step ${index + 1}`).toBeLessThan(1e-4);
    }
    expect(json(`${moved}/receipt.json`)).toMatchObject({
      sessions: [{ backend: 'onnx-cpu' }, { backend: other }],
      bitExact: false,
    });
    // Where it moved to is where it goes on by itself; mixed it stays.
    const again = await run(folder, ['--resume', moved]);
    expect(again.stderr).toContain(`backend  ${other}: `);
    expect(again.stderr).not.toContain('warning');
    expect(json(`${moved}/receipt.json`)).toMatchObject({ bitExact: false });
  });
});
