import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import type { HostTensors } from '@patchbert/ops';
import { toFloat32, writeSafetensors } from '@patchbert/safetensors';
import {
  readInside,
  readJson,
  readModelDescription,
  readModelTensors,
  requireSeal,
  requireTensors,
  sealed,
  sha256,
} from '@patchbert/train';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let root: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'patchbert-model-files-'));
  folder = join(root, 'model');
  mkdirSync(folder);
});
afterAll(() => rmSync(root, { recursive: true }));

const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const refuse = (reason: string) => new PatchBertError('test/bad-model', `load: ${reason}.`);
const unsafe = { name: 'PatchBertError', code: 'train/unsafe-file' };

describe('a file of a folder from a stranger', () => {
  it.each([
    ['', 'no name'],
    ['.', 'the folder'],
    ['..', 'the folder above'],
    ['../secret.json', 'a way out'],
    ['a/../../secret.json', 'a way out through a folder'],
    ['/etc/passwd', 'an absolute path'],
    ['C:\\secret.json', 'a path of Windows'],
    ['..\\secret.json', 'a way out on Windows'],
    ['a:stream', 'a stream of Windows'],
    ['con', 'a device of Windows'],
    ['CON.json', 'a device of Windows with an ending'],
    ['lpt1.safetensors', 'a printer'],
    ['a\u0000.json', 'NUL'],
    ['a\nb.json', 'a line end'],
    ['x'.repeat(4096), '4,096 characters'],
  ])('is not read by the name %j: %s', async (name) => {
    writeFileSync(join(root, 'secret.json'), '{}');
    const error = await readInside(folder, name).catch((thrown) => thrown);
    expect(error).toMatchObject(unsafe);
    expect(error.message).not.toMatch(/\n|\0/);
    expect(error.message.length).toBeLessThan(300);
  });

  it('may be named %2e%2e, which is a name like any other', async () => {
    put('%2e%2e', 'plain');
    expect(new TextDecoder().decode(await readInside(folder, '%2e%2e'))).toBe('plain');
  });

  it('is no link out of the folder, but the folder may be a link, and a link may stay inside', async () => {
    writeFileSync(join(root, 'secret.json'), '{}');
    mkdirSync(join(root, 'model-2'), { recursive: true });
    writeFileSync(join(root, 'model-2', 'near.json'), '{}');
    symlinkSync('../secret.json', join(folder, 'out.json'));
    symlinkSync('../model-2/near.json', join(folder, 'near.json'));
    symlinkSync('/etc/passwd', join(folder, 'absolute.json'));
    put('here.json', '{"a":1}');
    symlinkSync('here.json', join(folder, 'inside.json'));
    symlinkSync(folder, join(root, 'linked'));
    for (const name of ['out.json', 'near.json', 'absolute.json']) {
      await expect(readInside(folder, name)).rejects.toMatchObject(unsafe);
      await expect(readJson(join(folder, name))).rejects.toMatchObject(unsafe);
    }
    expect(await readJson(join(folder, 'inside.json'))).toEqual({ a: 1 });
    expect(await readJson(join(root, 'linked', 'here.json'))).toEqual({ a: 1 });
    expect((await readInside(folder, 'out.json', { largest: 10, mayLinkOutside: true })).length).toBe(2);
  });

  it('is no pipe, which never ends, no device and no folder', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe.json')]);
    mkdirSync(join(folder, 'folder.json'));
    symlinkSync('/dev/zero', join(folder, 'zero.json'));
    for (const name of ['pipe.json', 'folder.json', 'zero.json']) {
      await expect(readInside(folder, name, { largest: 10, mayLinkOutside: true })).rejects.toMatchObject(
        unsafe,
      );
    }
  });

  it('is not read where it is larger than allowed', async () => {
    put('large.json', '');
    truncateSync(join(folder, 'large.json'), 100_000_000);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readJson(join(folder, 'large.json'))).rejects.toMatchObject(unsafe);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('is no JSON with a repeated key or values ten thousand deep', async () => {
    for (const text of ['{"a":1,"a":2}', '['.repeat(10_000) + ']'.repeat(10_000), '{"a":NaN}', '{"a":1']) {
      put('bad.json', text);
      await expect(readJson(join(folder, 'bad.json'))).rejects.toMatchObject({
        code: 'train/bad-run-folder',
      });
    }
  });
});

const specs = {
  'head.weight': { shape: [1, 2], dtype: 'float32' },
  'head.bias': { shape: [1], dtype: 'float32' },
} as const;
const tensors = writeSafetensors([
  ['head.weight', { shape: [1, 2], data: Float32Array.of(1.5, -2) }],
  ['head.bias', { shape: [1], data: Float32Array.of(0.25) }],
]);
const description = JSON.stringify(
  sealed({
    format: 'tiny',
    rate: 0.1,
    flags: [true, null],
    file: 'tiny.safetensors',
    tensors: sha256(tensors),
  }),
  undefined,
  2,
);

/** What a model folder says, in the way that forecasters and classifiers are read. */
async function load(): Promise<unknown> {
  const json = await readModelDescription(folder, 'tiny.json', refuse);
  requireSeal(json, 'tiny.json', refuse);
  const said = json as Record<string, unknown>;
  // What a strict schema does.
  expectKeys(said);
  const stored = { file: String(said.file), sha256: String(said.tensors) };
  const found = await readModelTensors(folder, stored, 'tiny.json', refuse);
  requireTensors(specs, found, refuse);
  return { said, values: Object.entries(found).map(([name, { data }]) => [name, [...data]]) };
}

function expectKeys(said: Record<string, unknown>): void {
  const keys = ['file', 'flags', 'format', 'rate', 'sha256', 'tensors'];
  if (Object.keys(said).sort().join() !== keys.join()) throw refuse('other keys');
}

describe('a model folder', () => {
  it('with any bit of any of its files flipped is refused, or says exactly the same', async () => {
    put('tiny.json', description);
    put('tiny.safetensors', tensors);
    const whole = await load();
    let same = 0;
    const files: [string, Uint8Array][] = [
      ['tiny.json', new TextEncoder().encode(description)],
      ['tiny.safetensors', tensors],
    ];
    for (const [name, bytes] of files) {
      for (let bit = 0; bit < 8 * bytes.length; bit++) {
        const damaged = bytes.slice();
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        put(name, damaged);
        const outcome = await load().catch((error) => error);
        if (outcome instanceof Error) expect(outcome, `${name}, bit ${bit}`).toBeInstanceOf(PatchBertError);
        else {
          expect(outcome, `${name}, bit ${bit}`).toEqual(whole);
          same++;
        }
      }
      put(name, bytes);
    }
    // White space and other spellings of a number aside, every bit counts.
    expect(same).toBeLessThan(10);
  });

  it('cut at any byte of any of its files is refused', async () => {
    put('tiny.json', description);
    put('tiny.safetensors', tensors);
    for (const [name, bytes] of [
      ['tiny.json', new TextEncoder().encode(description)],
      ['tiny.safetensors', tensors],
    ] as const) {
      for (let length = 0; length < bytes.length; length++) {
        put(name, bytes.subarray(0, length));
        await expect(load()).rejects.toBeInstanceOf(PatchBertError);
      }
      put(name, bytes);
    }
    await expect(load()).resolves.toBeDefined();
  });

  it('that was reformatted still has its seal, and one without a seal is taken as it is', () => {
    const json = JSON.parse(description) as object;
    expect(() => requireSeal(JSON.parse(JSON.stringify(json)), 'tiny.json', refuse)).not.toThrow();
    expect(() => requireSeal({ ...json, rate: 0.2 }, 'tiny.json', refuse)).toThrow('own SHA-256 differs');
    expect(() => requireSeal({ rate: 0.2 }, 'tiny.json', refuse)).not.toThrow();
    expect(sealed(sealed({ a: 1 }))).toEqual(sealed({ a: 1 }));
  });

  it('with other tensors is refused, all of them named', () => {
    const found: HostTensors = {
      'head.weight': { shape: [2, 1], dtype: 'float32', data: new Float32Array(2) },
      extra: { shape: [], dtype: 'float32', data: new Float32Array(1) },
    };
    expect(() => requireTensors(specs, found, refuse)).toThrow(
      'head.weight: [2, 1], expected [1, 2]; head.bias: nothing, expected [1]; extra: [], expected nothing',
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'with %f as a weight is refused',
    (bad) => {
      const data = Float32Array.of(1, bad);
      const found: HostTensors = { w: { shape: [2], dtype: 'float32', data } };
      const expected = { w: { shape: [2], dtype: 'float32' } } as const;
      expect(() => requireTensors(expected, found, refuse)).toThrow(`"w" holds ${bad} at 1`);
      expect(() => requireTensors(expected, found, refuse, ['w'])).not.toThrow();
      expect(toFloat32({ dtype: 'F32', shape: [2], bytes: new Uint8Array(data.buffer) })[1]).toBe(bad);
    },
  );
});

it('nothing of this wrote outside the folder', () => {
  expect(readFileSync(join(root, 'secret.json'), 'utf8')).toBe('{}');
});
