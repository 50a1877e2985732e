import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildPackage, installFake, newProject, type Project } from './support/project.ts';
import { tensorflowWheel, writeWheel } from './support/wheel.ts';

beforeAll(buildPackage);

const isServed = platform() === 'linux' && arch() === 'x64';

/** Node answers `--version`, and refuses everything a compiler is told. */
const noCompiler = ['--compiler', process.execPath];

test.each([
  [['instal'], 'instal'],
  [['install', '--gpu'], '--gpu'],
  [['install', '--cpu', '--nvidia', 'x'], '--nvidia has no meaning with --cpu'],
])('refuses %j in one line', async (args, mention) => {
  const { code, stderr } = await newProject().run(args);
  expect(code).toBe(2);
  expect(stderr.trimEnd()).toMatch(/^error: [^\n]*$/);
  expect(stderr).toContain(mention);
});

test('shows how it is used when it is called without a word', async () => {
  const { code, stdout, stderr } = await newProject().run([]);
  expect(code).toBe(2);
  expect(stdout + stderr).toMatch(/Usage: patchbert-node-gpu[\s\S]*install[\s\S]*status[\s\S]*uninstall/);
});

test('status says what is missing and how to mend it', async () => {
  const { code, stdout } = await newProject().run(['status', '--cache', 'nothing']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^tfjs-node-gpu +✗ .*npm install --ignore-scripts @tensorflow\/tfjs-node-gpu@4\.22\.0/m,
  );
  expect(stdout).toMatch(/^tfjs-node-cpu +✗ .*npm install --ignore-scripts @tensorflow\/tfjs-node@4\.22\.0/m);
  expect((await newProject().run(['doctor'])).stdout).toMatch(/^NVIDIA driver/m);
});

test('uninstall removes nothing that install did not make', async () => {
  const project = newProject();
  const folder = installFake(project, '@tensorflow/tfjs-node', { 'lib/napi-v8/tfjs_binding.node': 'theirs' });
  mkdirSync(join(project.folder, 'kept/mine'), { recursive: true });
  const { code, stdout } = await project.run(['uninstall', '--cache', 'kept']);
  expect([code, stdout]).toEqual([0, 'nothing to remove\n']);
  expect(existsSync(join(folder, 'lib/napi-v8/tfjs_binding.node'))).toBe(true);
  expect(existsSync(join(project.folder, 'kept/mine'))).toBe(true);
});

describe.runIf(!isServed)('on a system it does not serve', () => {
  test('install says so', async () => {
    const { code, stderr } = await newProject().run(['install']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('serves Linux on x64')]);
  });
});

describe.runIf(isServed)('install', () => {
  test('lists everything that is missing before it changes anything', async () => {
    const project = newProject();
    const { code, stdout, stderr } = await project.run([
      ...['install', '--cpu', '--cache', 'kept', '--wheel', 'nowhere.whl', '--compiler', 'no-such-compiler'],
    ]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ .*npm install --ignore-scripts @tensorflow\/tfjs-node@4\.22\.0/);
    expect(stdout).toMatch(/✗ .*"no-such-compiler" does not answer/);
    expect(stdout).toMatch(/✗ .*nowhere\.whl/);
    expect(stderr).toMatch(/^error: nothing was changed: [^\n]*\(and 2 more, listed above\)\n$/);
    expect(existsSync(join(project.folder, 'kept'))).toBe(false);
  });

  test('leaves a native binding alone that something else made', async () => {
    const project = newProject();
    installFake(project, '@tensorflow/tfjs-node', { 'lib/napi-v8/tfjs_binding.node': 'theirs' });
    const { code, stderr } = await installFrom(project, tensorflowWheel);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/made by something else.*; remove ".*deps" and ".*lib"/),
    ]);
  });

  test('keeps what it needs of a wheel, and does not unpack it twice', async () => {
    const project = newProject();
    const folder = installFake(project, '@tensorflow/tfjs-node', {});
    const first = await installFrom(project, tensorflowWheel);
    expect([first.code, first.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: .*could not build the native binding: .+\n$/),
    ]);
    const kept = join(project.folder, 'kept/tensorflow-cpu-2.21.0');
    const library = readFileSync(join(kept, 'lib/libtensorflow_cc.so.2'), 'utf8');
    expect(library).toBe(tensorflowWheel['tensorflow/libtensorflow_cc.so.2']);
    expect(filesBelow(kept)).toEqual([
      ...['METADATA', 'contents.json', 'include/tensorflow/c/eager/c_api.h'],
      ...['lib/libtensorflow_cc.so.2', 'lib/libtensorflow_framework.so.2'],
    ]);
    expect(readdirSync(folder).sort()).toEqual(['index.js', 'package.json']);
    const second = await project.run(['install', '--cpu', '--cache', 'kept', ...noCompiler]);
    expect(second.stdout).not.toContain('unpacking');
    expect(second.stderr).toContain('could not build');
    expect((await project.run(['uninstall', '--cache', 'kept'])).stdout).toContain('tensorflow-cpu-2.21.0');
    expect(existsSync(join(project.folder, 'kept'))).toBe(false);
  });

  const { 'tensorflow/libtensorflow_cc.so.2': _, ...withoutLibrary } = tensorflowWheel;
  const otherVersion = { 'tensorflow-2.20.0.dist-info/METADATA': 'Name: tensorflow\nVersion: 2.20.0\n' };
  test.each([
    [
      'a wheel of another version',
      otherVersion,
      /holds tensorflow 2\.20\.0; expected the wheel of tensorflow-cpu 2\.21\.0/,
    ],
    ['a wheel for another system', withoutLibrary, /lacks lib\/libtensorflow_cc\.so\.2/],
    ['something that is no wheel', { 'a.txt': 'a' }, /holds no Python package/],
  ])('refuses %s', async (_what, files, message) => {
    const project = newProject();
    installFake(project, '@tensorflow/tfjs-node', {});
    const { code, stderr } = await installFrom(project, files);
    expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    expect(readdirSync(join(project.folder, 'kept'))).toEqual([]);
  });

  test.each([
    [
      'is damaged',
      (bytes: Buffer) => bytes.fill(0xff, bytes.indexOf('cc.so.2') + 9, bytes.indexOf('cc.so.2') + 13),
    ],
    ['broke off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 40)],
    ['is a page that says no', () => Buffer.from('<html>403</html>')],
  ])('a wheel that %s counts for nothing', async (_what, change) => {
    const project = newProject();
    installFake(project, '@tensorflow/tfjs-node', {});
    const { code, stderr } = await installFrom(project, tensorflowWheel, change);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: .*cannot be unpacked: .*download it again\.\n$/),
    ]);
    expect(readdirSync(join(project.folder, 'kept'))).toEqual([]);
  });

  test('what a wheel says of its place on the disk is not believed', async () => {
    const project = newProject();
    installFake(project, '@tensorflow/tfjs-node', {});
    await installFrom(project, {
      ...tensorflowWheel,
      'tensorflow/include/tensorflow/c/../../../../../../evil.h': 'x',
    });
    expect(filesBelow(project.folder).filter((name) => name.endsWith('evil.h'))).toEqual([]);
  });

  test('Ctrl-C leaves nothing half made', async () => {
    const project = newProject();
    const folder = installFake(project, '@tensorflow/tfjs-node', {});
    const compiler = join(project.folder, 'slow-compiler');
    writeFileSync(compiler, '#!/bin/sh\n[ "$1" = --version ] && echo slow 1.0 || exec sleep 60\n');
    chmodSync(compiler, 0o755);
    writeWheel(join(project.folder, 'a.whl'), tensorflowWheel);
    const args = ['install', '--cpu', '--cache', 'kept', '--wheel', 'a.whl', '--compiler', compiler];
    const { code, stderr } = await project.run(args, (line, kill) => {
      if (line.startsWith('building')) kill('SIGINT');
    });
    expect([code, stderr]).toEqual([130, 'interrupted; nothing half made was left behind.\n']);
    expect(readdirSync(folder).sort()).toEqual(['index.js', 'package.json']);
    expect(readdirSync(join(project.folder, 'kept'))).toEqual(['tensorflow-cpu-2.21.0']);
  });
});

/** Runs an installation for the CPU from a wheel with the given files, changed at will, up to the compiler, which fails. */
function installFrom(
  project: Project,
  files: Readonly<Record<string, string>>,
  change: (bytes: Buffer) => Buffer = (bytes) => bytes,
) {
  const wheel = join(project.folder, 'a.whl');
  writeWheel(wheel, files);
  writeFileSync(wheel, change(readFileSync(wheel)));
  return project.run(['install', '--cpu', '--cache', 'kept', '--wheel', 'a.whl', ...noCompiler]);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
