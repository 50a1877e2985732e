import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { fitClassifier, loadClassifier } from '@patchbert/classify';
import { PatchBertError } from '@patchbert/errors';
import { readSafetensors, toFloat32, type WritableTensor, writeSafetensors } from '@patchbert/safetensors';
import { sha256 } from '@patchbert/train';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tiny, waves } from './support/waves.ts';

let backend: Backend;
let root = '';
let original = '';
let copies = 0;
const TENSORS = 'member-1.safetensors';
type Json = Record<string, unknown>;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'patchbert-classify-hostile-'));
  backend = await onnxCpu.create({ threads: 1 });
  original = join(root, 'original');
  await fitClassifier({ config: { ...tiny, baselines: false }, train: waves(24), backend, folder: original });
});
afterAll(async () => {
  await backend.dispose();
  rmSync(root, { recursive: true });
});

function copied(): string {
  const folder = join(root, `copy-${copies++}`);
  cpSync(original, folder, { recursive: true });
  return folder;
}

/** Rewrites `classifier.json` without its seal, as whoever means to change it does. */
function editClassifier(folder: string, edit: (file: Json) => Json): void {
  const path = join(folder, 'classifier.json');
  const { sha256: _, ...file } = JSON.parse(readFileSync(path, 'utf8')) as Json;
  writeFileSync(path, JSON.stringify(edit(file)));
}

/** Other tensors, with their true hash beside them. */
function editTensors(folder: string, edit: (tensors: Map<string, WritableTensor>) => void): void {
  const path = join(folder, TENSORS);
  const tensors = new Map<string, WritableTensor>(
    readSafetensors(new Uint8Array(readFileSync(path))).tensors,
  );
  edit(tensors);
  const bytes = writeSafetensors(tensors);
  writeFileSync(path, bytes);
  editClassifier(folder, (file) => ({ ...file, members: [{ file: TENSORS, sha256: sha256(bytes) }] }));
}

async function refused(damage: (folder: string) => void): Promise<PatchBertError> {
  const folder = copied();
  damage(folder);
  const error = await loadClassifier(folder, backend).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(PatchBertError);
  return error as PatchBertError;
}

describe('a classifier', () => {
  test.each([
    ['head.weight', Number.NaN],
    ['ridge.weight', Number.POSITIVE_INFINITY],
    ['encoder.embedding.weight', Number.NEGATIVE_INFINITY],
  ])('with a number that is none in %s is refused when it is loaded', async (name, value) => {
    const error = await refused((folder) =>
      editTensors(folder, (tensors) => {
        const { shape } = tensors.get(name)!;
        const stored = readSafetensors(new Uint8Array(readFileSync(join(original, TENSORS)))).tensors.get(
          name,
        )!;
        const data = toFloat32(stored).slice();
        data[1] = value;
        tensors.set(name, { shape, data });
      }),
    );
    expect(error).toMatchObject({ code: 'classify/bad-classifier' });
    expect(error.message).toContain(`"${name}" holds ${value} at 1`);
  });

  test('with other tensors is refused, all of them named', async () => {
    const error = await refused((folder) =>
      editTensors(folder, (tensors) => {
        tensors.delete('encoder.embedding.bias');
        tensors.set('head.bias', { shape: [3], data: new Float32Array(3) });
        tensors.set('constructor', { shape: [1], data: new Float32Array(1) });
      }),
    );
    expect(error).toMatchObject({ code: 'classify/bad-classifier' });
    for (const said of [
      'encoder.embedding.bias: nothing, expected [8]',
      'head.bias: [3], expected [2]',
      'constructor: [1], expected nothing',
    ]) {
      expect(error.message).toContain(said);
    }
  });

  test.each<[string, string, (folder: string) => void]>([
    [
      'changed by hand',
      'classify/bad-classifier',
      (folder) => {
        const path = join(folder, 'classifier.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace('"slow"', '"calm"'));
      },
    ],
    [
      'a key twice',
      'classify/bad-classifier',
      (folder) => {
        const path = join(folder, 'classifier.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace('{', '{"version":1,'));
      },
    ],
    [
      'a prototype',
      'config/invalid',
      (folder) => {
        const path = join(folder, 'classifier.json');
        writeFileSync(path, readFileSync(path, 'utf8').replace('{', '{"__proto__":{"polluted":1},'));
      },
    ],
    [
      'a way out as a file',
      'config/invalid',
      (folder) =>
        editClassifier(folder, (file) => ({
          ...file,
          members: [{ file: '../member-1.safetensors', sha256: '' }],
        })),
    ],
    [
      'a model of 10^12 weights',
      'config/invalid',
      (folder) =>
        editClassifier(folder, (file) => {
          const inputs = file.inputs as { model: Json };
          return { ...file, inputs: { ...inputs, model: { ...inputs.model, width: 2 ** 20 } } };
        }),
    ],
    [
      'weights behind a link out of the folder',
      'classify/bad-classifier',
      (folder) => {
        rmSync(join(folder, TENSORS));
        symlinkSync(join(original, TENSORS), join(folder, TENSORS));
      },
    ],
  ])('with %s is refused', async (_, code, damage) => {
    const error = await refused(damage);
    expect(error.code).toBe(code);
    expect('polluted' in {}).toBe(false);
  });

  test('with a bit flipped in a byte, every seventh tried, is refused, or is the same', async () => {
    const folder = copied();
    const whole = await loadClassifier(folder, backend);
    for (const [name, step] of [
      ['classifier.json', 7],
      [TENSORS, 61],
    ] as const) {
      const path = join(folder, name);
      const bytes = new Uint8Array(readFileSync(path));
      for (let at = 0; at < bytes.length; at += step) {
        const damaged = bytes.slice();
        damaged[at]! ^= 1 << (at % 8);
        writeFileSync(path, damaged);
        const outcome = await loadClassifier(folder, backend).catch((error) => error);
        if (outcome instanceof Error) expect(outcome, `${name}, byte ${at}`).toBeInstanceOf(PatchBertError);
        else expect(outcome.file, `${name}, byte ${at}`).toEqual(whole.file);
      }
      writeFileSync(path, bytes);
    }
  });
});
