import { cpSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { readSafetensors, toFloat32, type WritableTensor, writeSafetensors } from '@patchbert/safetensors';
import { sha256 } from '@patchbert/train';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadForecaster } from '../src/index.ts';
import {
  editForecaster,
  fitTiny,
  HORIZON,
  readJsonFile,
  refusal,
  temporaryFolder,
  testBackend,
  waves,
} from './support/tiny-forecaster.ts';

const TENSORS = `horizon-${HORIZON}.safetensors`;
type Json = Record<string, unknown>;

let original: string;
beforeAll(async () => {
  original = (await fitTiny()).folder;
});

/** A copy of the folder, to be damaged. */
function copied(): string {
  const folder = join(temporaryFolder(), 'copy');
  cpSync(original, folder, { recursive: true });
  return folder;
}

const load = async (folder: string) => loadForecaster(folder, await testBackend());

async function refused(damage: (folder: string) => void) {
  const folder = copied();
  damage(folder);
  return refusal(load(folder));
}

/** Changes the first horizon of `forecaster.json`. */
const editHorizon = (folder: string, edit: (horizon: Json) => Json) =>
  editForecaster(folder, (file) => ({ ...file, horizons: (file.horizons as Json[]).map(edit) }));

/** Other tensors, with their true hash beside them: what whoever hands on a folder can do. */
function editTensors(folder: string, edit: (tensors: Map<string, WritableTensor>) => void): void {
  const path = join(folder, TENSORS);
  const tensors = new Map<string, WritableTensor>(
    readSafetensors(new Uint8Array(readFileSync(path))).tensors,
  );
  edit(tensors);
  const bytes = writeSafetensors(tensors);
  writeFileSync(path, bytes);
  editHorizon(folder, (horizon) => ({ ...horizon, sha256: sha256(bytes) }));
}

function withNumber(name: string, value: number) {
  return (folder: string) =>
    editTensors(folder, (tensors) => {
      const { shape, ...tensor } = tensors.get(name)!;
      const data = toFloat32({ shape, ...tensor } as Parameters<typeof toFloat32>[0]).slice();
      data[1] = value;
      tensors.set(name, { shape, data });
    });
}

describe('weights of a forecaster', () => {
  it.each([
    ['head.weight', Number.NaN],
    ['encoder.norm.scale', Number.POSITIVE_INFINITY],
    ['linear.weight', Number.NEGATIVE_INFINITY],
  ])('that hold a number that is none, in %s, are refused when they are loaded', async (name, value) => {
    const error = await refused(withNumber(name, value));
    expect(error).toMatchObject({ code: 'forecast/bad-forecaster' });
    expect(error.message).toContain(`"${name}" holds ${value} at 1`);
  });

  it('with their true hash and other numbers load: a hash proves nothing about who wrote them', async () => {
    const folder = copied();
    withNumber('head.weight', 0.5)(folder);
    const forecaster = await load(folder);
    expect((await forecaster.predict({ frame: waves({ rows: 50 }) })).length).toBeGreaterThan(0);
  });

  it('that differ from the model are all named, what is too much as well', async () => {
    const error = await refused((folder) =>
      editTensors(folder, (tensors) => {
        tensors.delete('head.bias');
        tensors.set('linear.bias', { shape: [2], data: new Float32Array(2) });
        tensors.set('__proto__', { shape: [1], data: new Float32Array(1) });
        tensors.set('x\n\u001b[31m', { shape: [], data: new Float32Array(1) });
      }),
    );
    expect(error).toMatchObject({ code: 'forecast/bad-forecaster' });
    for (const said of [
      `head.bias: nothing, expected [${HORIZON}]`,
      `linear.bias: [2], expected [${HORIZON}]`,
      '__proto__: [1], expected nothing',
      'x \\u001b[31m: [], expected nothing',
    ]) {
      expect(error.message).toContain(said);
    }
    expect('shape' in {}).toBe(false);
  });

  it.each([
    [
      'a link out of the folder',
      (folder: string) => {
        renameSync(join(folder, TENSORS), join(folder, '..', TENSORS));
        symlinkSync(join('..', TENSORS), join(folder, TENSORS));
      },
    ],
    [
      'an endless device',
      (folder: string) => {
        rmSync(join(folder, TENSORS));
        symlinkSync('/dev/zero', join(folder, TENSORS));
      },
    ],
  ])('behind %s are refused', async (_, damage) => {
    expect(await refused(damage)).toMatchObject({ code: 'forecast/bad-forecaster' });
  });
});

describe('forecaster.json', () => {
  const json = (folder: string) => join(folder, 'forecaster.json');

  it('that was changed by hand is refused by its seal, and taken when the seal is removed', async () => {
    const edited = copied();
    const file = readJsonFile<Json>(json(edited));
    writeFileSync(json(edited), JSON.stringify({ ...file, seasonalPeriod: 7 }));
    const error = await refusal(load(edited));
    expect(error).toMatchObject({ code: 'forecast/bad-forecaster' });
    expect(error.message).toContain('remove its last key, sha256');
    editForecaster(edited, (unsealed) => unsealed);
    expect((await load(edited)).file.seasonalPeriod).toBe(7);
  });

  const changes: readonly [string, string, (folder: string) => void][] = [
    [
      'a key twice',
      'bad-forecaster',
      (folder) => {
        const text = readFileSync(json(folder), 'utf8');
        writeFileSync(json(folder), text.replace('"version": 1', '"version": 1, "version": 1'));
      },
    ],
    ['ten thousand levels', 'bad-forecaster', (folder) => writeFileSync(json(folder), '['.repeat(10_000))],
    [
      'a prototype',
      'config/invalid',
      (folder) => {
        const text = readFileSync(json(folder), 'utf8');
        writeFileSync(
          json(folder),
          text.replace('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},'),
        );
      },
    ],
    [
      'a number as text',
      'config/invalid',
      (folder) => editForecaster(folder, (file) => ({ ...file, contextLength: '32' })),
    ],
    [
      'a number that is none',
      'config/invalid',
      (folder) => {
        const text = readFileSync(json(folder), 'utf8');
        writeFileSync(json(folder), text.replace(/"seasonalPeriod": \d+/, '"seasonalPeriod": 1e999'));
      },
    ],
    [
      'a way out as a file',
      'config/invalid',
      (folder) => editHorizon(folder, (one) => ({ ...one, file: '../x/horizon-8.safetensors' })),
    ],
    [
      'an encoder of 10^12 weights',
      'config/invalid',
      (folder) =>
        editHorizon(folder, (one) => {
          const encoder = one.encoder as { config: Json };
          return { ...one, encoder: { ...encoder, config: { ...encoder.config, width: 2 ** 20 } } };
        }),
    ],
    [
      'another patching than its encoder',
      'config/invalid',
      (folder) =>
        editHorizon(folder, (one) => {
          const encoder = one.encoder as { patching: Json };
          return { ...one, encoder: { ...encoder, patching: { ...encoder.patching, contextLength: 1e15 } } };
        }),
    ],
  ];

  it.each(changes)('with %s is refused', async (_, code, damage) => {
    const error = await refused(damage);
    expect(error.code).toContain(code);
    expect(error.message.length).toBeLessThan(1500);
    expect('polluted' in {}).toBe(false);
  });
});

it('a folder with a bit flipped in a byte, every third or sixty-first tried, is refused, or is the same forecaster', async () => {
  const folder = copied();
  const whole = await load(folder);
  let same = 0;
  for (const [name, step] of [
    ['forecaster.json', 3],
    [TENSORS, 61],
  ] as const) {
    const path = join(folder, name);
    const bytes = new Uint8Array(readFileSync(path));
    for (let at = 0; at < bytes.length; at += step) {
      const damaged = bytes.slice();
      damaged[at]! ^= 1 << (at % 8);
      writeFileSync(path, damaged);
      const outcome = await load(folder).catch((error) => error);
      if (outcome instanceof Error) expect(outcome, `${name}, byte ${at}`).toBeInstanceOf(PatchBertError);
      else {
        expect(outcome.file, `${name}, byte ${at}`).toEqual(whole.file);
        same++;
      }
    }
    writeFileSync(path, bytes);
  }
  // An `e` that became an `E` in a number is the same number.
  expect(same).toBeLessThan(10);
});
