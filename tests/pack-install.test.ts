import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { npm, packPublished } from './support/packed-packages.ts';
import { readManifest, root } from './support/workspace.ts';

const execute = promisify(execFile);
const minutes = 60_000;

let folder = '';
let tarballs: ReadonlyMap<string, string> = new Map();

// Packs what `dist` holds, so it must be current: `npm test` sees to that.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbert-install-'));
  const packed = await packPublished(join(folder, 'tarballs'));
  tarballs = new Map([...packed].map(([name, path]) => [name, `file:${path}`]));
}, 2 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 3 * minutes);

test(
  'installed with npm in an empty folder, they pretrain on a sine',
  async () => {
    const output = await runInstalled('examples/pretrain-sine');
    const losses = [...output.matchAll(/loss (\d+\.\d+)/g)].map((match) => Number(match[1]));
    expect(losses.length, `losses printed in ${JSON.stringify(output)}`).toBeGreaterThan(1);
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
  },
  5 * minutes,
);

test(
  'the front door alone, installed with npm in an empty folder, forecasts',
  async () => {
    const output = await runInstalled('examples/forecast');
    const compared = [...output.matchAll(/forecast (\S+) .* truth (\S+)/g)];
    expect(compared.length, `forecasts printed in ${JSON.stringify(output)}`).toBe(4);
    for (const [line, forecast, truth] of compared) {
      expect(Math.abs(Number(forecast) - Number(truth)), line).toBeLessThan(8);
    }
  },
  5 * minutes,
);

test(
  'the front door alone classifies',
  async () => {
    const output = await runInstalled('examples/classify');
    const [, accuracy] = /^network +test accuracy (\S+)$/m.exec(output) ?? [];
    expect(Number(accuracy), `accuracy printed in ${JSON.stringify(output)}`).toBeGreaterThan(0.9);
    const [, loudness, truth] = /^loudness (\S+), truth (\S+)$/m.exec(output) ?? [];
    expect(Math.abs(Number(loudness) - Number(truth))).toBeLessThan(0.3);
  },
  5 * minutes,
);

test(
  'a backend of one’s own, a package with its tests, passes the contract',
  async () => {
    const output = await runInstalled(
      'examples/custom-backend',
      ['--test', '--test-reporter=tap'],
      ['index.mjs', 'backend.test.mjs'],
    );
    expect(output).toMatch(/^# fail 0$/m);
    const [, passed] = /^# pass (\d+)$/m.exec(output) ?? [];
    expect(Number(passed), `tests in ${JSON.stringify(output)}`).toBeGreaterThan(10);
  },
  5 * minutes,
);

/** Installs what an example depends on in an empty folder, from the tarballs, and runs it there; returns what it printed. */
async function runInstalled(
  example: string,
  args: readonly string[] = ['main.mjs'],
  files: readonly string[] = ['main.mjs'],
): Promise<string> {
  const program = join(folder, example);
  mkdirSync(program, { recursive: true });
  const manifest = readManifest(example);
  const dependencies = { ...manifest.dependencies, ...manifest.devDependencies };
  writeFileSync(
    join(program, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(
        Object.entries(dependencies).map(([name, version]) => [name, tarballs.get(name) ?? version]),
      ),
      // Packages that come along as dependencies are the ones packed here too, not the registry's.
      overrides: Object.fromEntries([...tarballs].filter(([name]) => dependencies[name] === undefined)),
    }),
  );
  await npm(program, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline');
  for (const file of files) copyFileSync(join(root, example, file), join(program, file));
  const { stdout, stderr } = await execute(process.execPath, [...args], { cwd: program });
  expect(stderr).toBe('');
  return stdout;
}
