import { existsSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adapters, exitCodes, inspectBackend, listBackends, runBackends } from '@patchbert/command-line';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Backends that go wrong in every way an engine can. */
const troubles = `
const capabilities = { trains: true, precision: 'float32', engine: 'none' };
const adapter = (name, isAvailable, create = async () => ({ capabilities })) => ({ name, description: 'trouble', isAvailable, create });
const available = async () => ({ available: true });
export const adapters = [
  adapter('fine', available),
  adapter('absent', async () => ({ available: false, reason: 'the device is not plugged in; plug it in, and wait until its lamp is green' })),
  adapter('throws', async () => { throw new Error('the driver is asleep'); }),
  adapter('hangs', () => new Promise(() => { setInterval(() => {}, 1000); })),
  adapter('blocks', async () => { for (;;); }),
  adapter('exits', async () => { console.error('engine: no memory'); process.exit(9); }),
  adapter('aborts', async () => process.abort()),
  adapter('prints', async () => { console.log('an engine talks'); return { available: true }; }),
  adapter('crashes-later', available, async () => { process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {}); }),
  adapter('computes-nothing', available, async () => ({ capabilities, compile: async () => { throw new Error('no kernels'); }, dispose: async () => {} })),
];`;

const before = process.cwd();
let folder = '';
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'patchbert-backends-')));
  writeFileSync(join(folder, 'troubles.mjs'), troubles);
  process.chdir(folder);
});
afterAll(() => process.chdir(before));

const inspect = async (name: string, check = false) => {
  const [backend] = await listBackends([`./troubles.mjs#${name}`]);
  // Enough for a process to start, on a busy machine too.
  return inspectBackend(backend!, { check, answerWithin: 5000, checkWithin: 5000 });
};

const run = async (
  named: readonly string[],
  flags: { check?: boolean; json?: boolean },
  columns?: number,
) => {
  let written = '';
  const stdout = {
    write(text: string) {
      written += text;
    },
    ...(columns !== undefined && { isTTY: true, columns }),
  };
  const code = await runBackends(named, flags, { stdout, stderr: { write: () => true } });
  return { code, written };
};

describe('listBackends', () => {
  test('lists what ships, the first as the default, or what is named', async () => {
    const all = await listBackends([]);
    expect(all.map(({ name }) => name)).toEqual(adapters.map(({ name }) => name));
    expect(all.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual(['onnx-cpu']);
    expect((await listBackends(['tfjs-cpu'])).map(({ typed }) => typed)).toEqual(['tfjs-cpu']);
    const own = await listBackends(['./troubles.mjs']);
    expect(own.map(({ typed }) => typed).slice(0, 2)).toEqual([
      './troubles.mjs#fine',
      './troubles.mjs#absent',
    ]);
    await expect(listBackends(['tfjs-cpp'])).rejects.toMatchObject({ code: 'backend/unknown' });
  });
});

describe('inspectBackend', () => {
  test.each([
    ['absent', 'the device is not plugged in; plug it in, and wait until its lamp is green'],
    ['throws', 'the driver is asleep'],
    ['exits', 'its engine ended the process (exit code 9): engine: no memory'],
    ['aborts', 'its engine ended the process (SIGABRT)'],
    ['hangs', 'it did not answer within 5 s'],
    ['blocks', 'it did not answer within 5 s'],
  ])('says why a backend does not run here: %s', async (name, reason) => {
    const { availability } = await inspect(name);
    expect(availability).toMatchObject({ available: false, reason: expect.stringContaining(reason) });
  });

  test.each([
    ['crashes-later', 'its engine ended the process (SIGSEGV)'],
    ['computes-nothing', 'failed: no kernels'],
    ['fine', 'create() gave no backend'],
  ])('says why a self-test did not end: %s', async (name, failure) => {
    const inspected = await inspect(name, true);
    expect(inspected.availability).toEqual({ available: true });
    expect(inspected).toMatchObject({ failure: expect.stringContaining(failure) });
    expect(inspected.check).toBeUndefined();
  });

  test('asks without starting, and keeps what an engine prints to itself', async () => {
    expect((await inspect('fine')).availability).toEqual({ available: true });
    expect((await inspect('prints')).availability).toEqual({ available: true });
  });

  test('has a backend train a few steps and compares them with the reference', async () => {
    const [cpu] = await listBackends(['tfjs-cpu']);
    const { check } = await inspectBackend(cpu!, { check: true });
    expect(check).toMatchObject({ backend: 'tfjs-cpu', steps: 3, passed: true });
  });
});

describe('runBackends', () => {
  test('keeps a listing on the terminal and every backend on one line elsewhere', async () => {
    const named = ['./troubles.mjs#absent', './troubles.mjs#fine'];
    const { code, written } = await run(named, {});
    expect(code).toBe(exitCodes.failed);
    expect(written).toMatch(/^absent +trouble +does not run here: the device .* lamp is green$/m);
    expect(written).toMatch(/^fine +trouble +runs here$/m);
    const narrow = await run(named, {}, 60);
    expect(Math.max(...narrow.written.split('\n').map((line) => line.length))).toBeLessThan(60);
    expect(narrow.written.replace(/\s+/g, ' ')).toContain('plug it in, and wait until its lamp is green');
    expect((await run(['./troubles.mjs#fine'], {})).code).toBe(exitCodes.done);
  });

  test('gives a line of JSON per backend, and fails when a check fails', async () => {
    const { code, written } = await run(['./troubles.mjs#computes-nothing', 'tfjs-cpu'], {
      check: true,
      json: true,
    });
    expect(code).toBe(exitCodes.failed);
    const lines = written
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      {
        type: 'backend',
        name: 'computes-nothing',
        module: './troubles.mjs#computes-nothing',
        available: true,
      },
      { type: 'backend', name: 'tfjs-cpu', default: false, available: true, check: { passed: true } },
    ]);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  test('shows loss, error and time of a check, and what failed below', async () => {
    const { code, written } = await run(['tfjs-cpu', './troubles.mjs#absent'], { check: true });
    expect(code).toBe(exitCodes.failed);
    expect(written).toMatch(/^backend +3 steps +loss +largest error +ms per step +compile ms +engine$/m);
    expect(written).toMatch(/^tfjs-cpu +passed +\d\.\d{6} +\d\.\de-\d +[\d.]+ +\d+ +tfjs-core /m);
    expect(written).toMatch(/^absent +not run$/m);
    expect(written).toMatch(/^absent does not run here: the device/m);
    expect((await run(['tfjs-cpu'], { check: true })).code).toBe(exitCodes.done);
  });
});
