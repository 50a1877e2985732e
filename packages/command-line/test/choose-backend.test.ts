import { existsSync, mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { adapters, chooseBackend, openBackend, recordedBackend } from '@patchbert/command-line';
import { PatchBertError } from '@patchbert/errors';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** A module without imports, as plain as a user's may be; `cpu` is an engine of tfjs. */
const moduleWith = (...names: readonly string[]) => `
const started = { capabilities: { trains: true, precision: 'float32', engine: 'mine' }, async compile() {}, async dispose() {} };
export const adapters = ${JSON.stringify(names)}.map((name) => ({
  name,
  description: 'mine',
  isAvailable: async () => ({ available: true }),
  create: async () => started,
}));`;

const before = process.cwd();
let folder = '';
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'patchbert-backends-')));
  process.chdir(folder);
});
afterEach(() => process.chdir(before));

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const refusal = async (typed: string) => {
  const error = await chooseBackend({ typed }).then(
    ({ adapter }) => adapter.name,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PatchBertError))
    throw new Error(`${typed}: expected a PatchBertError, got ${String(error)}`);
  expect(error.message).not.toContain('\n');
  return `${error.code}: ${error.message}`;
};

describe('chooseBackend', () => {
  test('takes shipped backends by name, the default when nobody names one', async () => {
    expect(await chooseBackend({})).toEqual({ adapter: adapters[0] });
    for (const adapter of adapters) expect(await chooseBackend({ typed: adapter.name })).toEqual({ adapter });
    expect(await refusal('onnx-cpuu')).toMatch(
      /^backend\/unknown: .*Did you mean "onnx-cpu"\?.*tfjs-cpu.*\.mjs/,
    );
    expect(await refusal('My Backend\u001b[2J')).toContain('"My Backend?[2J"');
    expect(await refusal('fs')).toMatch(/^backend\/unknown/);
  });

  test.each(['./my.mjs', 'my.mjs', './deep/../my.mjs', './my.mjs#mine'])(
    'takes a module file: %s',
    async (typed) => {
      write('my.mjs', moduleWith('mine'));
      write('deep/x', '');
      const { adapter, module } = await chooseBackend({ typed });
      expect({ name: adapter.name, module }).toEqual({ name: 'mine', module: typed });
    },
  );

  test('takes an absolute path, and one of several backends by its name', async () => {
    write('two.mjs', moduleWith('one', 'two'));
    const { adapter } = await chooseBackend({ typed: `${join(folder, 'two.mjs')}#two` });
    expect(adapter.name).toBe('two');
    expect(await refusal('./two.mjs')).toMatch(
      /^backend\/choose-one: .*one, two.*--backend \.\/two\.mjs#one/,
    );
    expect(await refusal('./two.mjs#tow')).toMatch(/^backend\/unknown: .*Did you mean "two"\?/);
  });

  test.each([
    ['a plain main', 'their-backend', { main: 'index.js', type: 'module' }],
    [
      'a scope and an entry for import alone',
      '@me/backend',
      { exports: { '.': { import: './index.js' } }, type: 'module' },
    ],
    [
      'conditions without entries',
      'conditional',
      { exports: { types: './index.d.ts', default: './index.js' }, type: 'module' },
    ],
  ])('takes a package of the project: %s', async (_what, name, manifest) => {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, ...manifest }));
    write(`node_modules/${name}/index.js`, moduleWith('theirs', 'others'));
    expect((await chooseBackend({ typed: `${name}#theirs` })).adapter.name).toBe('theirs');
  });

  test('says in one line what is wrong with a module', async () => {
    write('empty.mjs', '');
    write('other.mjs', 'export const adapter = 1; export default 2;');
    write('list.mjs', 'export const adapters = [];');
    write('number.mjs', 'export const adapters = 3;');
    write('half.mjs', "export const adapters = [{ name: 'half', description: 'x', isAvailable() {} }];");
    write('null.mjs', 'export const adapters = [null];');
    write('twice.mjs', moduleWith('same', 'same'));
    write('shadow.mjs', moduleWith('onnx-cpu'));
    write('throws.mjs', "throw new Error('the driver is asleep\\n    at somewhere')");
    write('syntax.mjs', 'export const = 1;');
    write('needs.mjs', "import 'a-package-that-is-not-there';");
    expect(await refusal('./nowhere.mjs')).toMatch(/^backend\/no-module: .*no such file/);
    expect(await refusal('./')).toMatch(/^backend\/no-module: .*is a folder.*\.\/index\.mjs/);
    expect(await refusal('@me/nowhere')).toMatch(/^backend\/no-module: .*npm install @me\/nowhere/);
    expect(await refusal('./empty.mjs')).toMatch(/^backend\/no-adapters: .*it exports nothing/);
    expect(await refusal('./other.mjs')).toMatch(/^backend\/no-adapters: .*it exports adapter, default/);
    expect(await refusal('./list.mjs')).toMatch(/^backend\/no-adapters: .*is empty/);
    expect(await refusal('./number.mjs')).toMatch(/^backend\/no-adapters: .*of type number/);
    expect(await refusal('./half.mjs')).toMatch(
      /^backend\/not-an-adapter: .*adapters\[0\].*lacks a function create/,
    );
    expect(await refusal('./null.mjs')).toMatch(/^backend\/not-an-adapter: .*lacks a name/);
    expect(await refusal('./twice.mjs')).toMatch(/^backend\/name-taken: .*two backends named "same"/);
    expect(await refusal('./shadow.mjs')).toMatch(/^backend\/name-taken: .*comes with this program/);
    expect(await refusal('./throws.mjs')).toMatch(/^backend\/module-failed: .*the driver is asleep$/);
    expect(await refusal('./syntax.mjs')).toMatch(/^backend\/module-failed: /);
    expect(await refusal('./needs.mjs')).toMatch(/^backend\/module-failed: .*a-package-that-is-not-there/);
  });

  test('imports nothing that a file names, and says what to type instead', async () => {
    write(
      'evil.mjs',
      `import { writeFileSync } from 'node:fs'; writeFileSync('touched', ''); ${moduleWith('evil')}`,
    );
    write('run/environment.json', JSON.stringify({ backend: 'evil', backendModule: './evil.mjs' }));
    write('unnamed/environment.json', JSON.stringify({ backend: './evil.mjs' }));
    const again = { code: 'command-line/usage', message: expect.stringContaining('--backend ./evil.mjs') };
    for (const run of ['run', 'unnamed']) {
      const recorded = await recordedBackend(join(run, 'environment.json'));
      await expect(chooseBackend({ recorded })).rejects.toMatchObject({ code: 'command-line/usage' });
    }
    const recorded = await recordedBackend(join('run', 'environment.json'));
    await expect(chooseBackend({ recorded })).rejects.toMatchObject(again);
    const configured = { name: './evil.mjs', file: 'config.json' };
    await expect(chooseBackend({ configured })).rejects.toMatchObject(again);
    await expect(
      chooseBackend({ configured: { name: 'onnx-cpuu', file: 'config.json' } }),
    ).rejects.toMatchObject({
      code: 'backend/unknown',
    });
    expect(existsSync('touched')).toBe(false);
    expect(
      (await chooseBackend({ configured: { name: 'tfjs-cpu', file: 'config.json' } })).adapter.name,
    ).toBe('tfjs-cpu');
    expect((await chooseBackend({ typed: './evil.mjs', recorded, configured })).module).toBe('./evil.mjs');
    expect(existsSync('touched')).toBe(true);
  });
});

describe('openBackend', () => {
  const open = async (body: string) => {
    write('mine.mjs', `export const adapters = [{ name: 'mine', description: 'x', ${body} }];`);
    return openBackend(await chooseBackend({ typed: './mine.mjs' }), { threads: 1 });
  };
  const available = 'isAvailable: async () => ({ available: true })';

  test('starts a shipped backend', async () => {
    const backend = await openBackend(await chooseBackend({ typed: 'tfjs-cpu' }));
    expect(backend.name).toBe('tfjs-cpu');
    expect(backend.module).toBeUndefined();
    await backend.dispose();
  });

  test('says where a backend came from, and makes its errors typed ones of one line', async () => {
    const backend = await open(`${available}, create: async ({ threads }) => ({
      capabilities: { trains: true, precision: 'float32', engine: 'mine, ' + threads },
      compile: async () => { throw new Error('no memory\\n at x'); },
      dispose: async () => {},
    })`);
    expect(backend).toMatchObject({
      name: 'mine',
      module: './mine.mjs',
      capabilities: { engine: 'mine, 1' },
    });
    await expect(
      backend.compile(() => ({ state: {}, outputs: {} }), { state: {}, batch: {} }),
    ).rejects.toMatchObject({
      code: 'backend/module-failed',
      message: 'backend "mine" of "./mine.mjs" failed: no memory',
    });
  });

  test.each([
    [
      'isAvailable: async () => ({ available: false, reason: "unplugged" }), create() {}',
      'backend/unavailable',
      'unplugged',
    ],
    [
      'isAvailable: async () => { throw new TypeError("oops"); }, create() {}',
      'backend/module-failed',
      'failed: oops',
    ],
    [`${available}, create: async () => ({})`, 'backend/module-failed', 'gave no backend'],
    [
      `${available}, create: async () => { throw Object.assign(new Error('too warm'), { name: 'PatchBertError', code: 'mine/warm' }); }`,
      'mine/warm',
      'too warm',
    ],
  ])('refuses %s', async (body, code, message) => {
    const error: unknown = await open(body).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PatchBertError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
