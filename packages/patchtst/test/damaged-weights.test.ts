import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { readSafetensors } from '@patchbert/safetensors';
import { beforeAll, expect, it } from 'vitest';
import { exportPatchTST, type HuggingFaceFiles, readPatchTST } from '../src/index.ts';
import { temporaryFolder } from './support/model-folder.ts';
import { smallModel } from './support/small-models.ts';

const folder = join(temporaryFolder(), 'model');
let config: HuggingFaceFiles['config'];
let file: Uint8Array;
let dataStart: number;
beforeAll(async () => {
  await exportPatchTST(smallModel(), folder);
  config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  file = new Uint8Array(readFileSync(join(folder, 'model.safetensors')));
  dataStart = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
});

const read = (bytes: Uint8Array) => readPatchTST({ config, tensors: readSafetensors(bytes).tensors });

function flipped(bit: number): Uint8Array {
  const damaged = file.slice();
  damaged[bit >> 3]! ^= 1 << (bit & 7);
  return damaged;
}

it('weights with a bit of their header flipped, every eleventh tried, are refused or the same: all names are expected', () => {
  const { parameters } = read(file);
  let same = 0;
  for (let bit = 0; bit < 8 * dataStart; bit += 11) {
    try {
      expect(read(flipped(bit)).parameters, `bit ${bit}`).toEqual(parameters);
      same++;
    } catch (error) {
      if (!(error instanceof PatchBertError)) throw error;
    }
  }
  // Those of the text `pt` in the metadata.
  expect(same).toBeLessThan(30);
});

it('weights cut at any byte are refused', () => {
  for (let length = 0; length < file.length; length += 5) {
    expect(() => read(file.subarray(0, length)), `cut at ${length}`).toThrow(PatchBertError);
  }
});

it('a bit flipped in a weight goes unseen, as the folders of Hugging Face have no checksum, unless it makes no number', () => {
  const lowest = flipped(8 * dataStart);
  expect(() => read(lowest)).not.toThrow();
  const notANumber = file.slice();
  notANumber.set([0, 0, 0x80, 0x7f], file.length - 4);
  expect(() => read(notANumber)).toThrow(/holds Infinity at/);
});
