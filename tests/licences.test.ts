import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, test } from 'vitest';
import { readText, root } from './support/workspace.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

test('docs/licences.md is up to date, and every licence in it is permissive', async () => {
  expect(await licences(root, '--check')).toEqual({ code: 0, complaints: '' });
  // What users install most, where it must be.
  const [always, optional] = readText('docs/licences.md').split('## What comes with an engine');
  for (const name of ['zod', 'echarts', 'onnxruntime-node']) expect(always).toContain(`\`${name}\``);
  expect(optional).toContain('`onnxruntime-web`');
  expect(always).not.toContain('`vitest`');
});

test.each([
  ['MIT', 0],
  ['(MIT OR GPL-3.0)', 0],
  ['MIT AND GPL-3.0', 1],
  ['GPL-3.0-only', 1],
  ['SEE LICENSE IN LICENSE.md', 1],
  [undefined, 1],
])('a dependency under %s ends with %d', async (license, code) => {
  const ended = await licences(workspaceWith({ name: 'dependency', version: '1.2.3', license }));
  expect(ended.code).toBe(code);
  expect(ended.complaints).toContain(code === 0 ? '' : 'dependency 1.2.3 has the licence');
});

test('a page that differs from what is installed is told', async () => {
  const folder = workspaceWith({ name: 'dependency', version: '1.2.3', license: 'MIT' });
  await licences(folder);
  expect((await licences(folder, '--check')).code).toBe(0);
  const manifest = { name: 'dependency', version: '1.2.4', license: 'ISC' };
  writeFileSync(join(folder, 'packages/ours/node_modules/dependency/package.json'), JSON.stringify(manifest));
  expect(await licences(folder, '--check')).toEqual({
    code: 1,
    complaints: 'docs/licences.md is not up to date: npm run licences\n',
  });
});

async function licences(folder: string, ...args: readonly string[]) {
  const script = join(root, 'scripts/licences.mjs');
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [script, ...args, folder]);
    return { code: 0, complaints: stderr };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, complaints: stderr };
  }
}

/** A workspace of one published package that needs one other. */
function workspaceWith(dependency: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-licences-'));
  folders.push(folder);
  const ours = join(folder, 'packages/ours');
  mkdirSync(join(ours, 'node_modules/dependency'), { recursive: true });
  mkdirSync(join(folder, 'docs'));
  const manifest = { name: '@patchbert/ours', version: '1.0.0', dependencies: { dependency: '^1.2.0' } };
  writeFileSync(join(ours, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(ours, 'node_modules/dependency/package.json'), JSON.stringify(dependency));
  return folder;
}
