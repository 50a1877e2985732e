import {
  blobSource,
  openSafetensors,
  readSafetensors,
  safetensorsParts,
  toFloat32,
  writeSafetensors,
} from '@patchbert/safetensors';
import { expect, test } from 'vitest';
import { codeOf, codeWhenOpened, malformedFiles, otherFiles } from '../malformed-cases.ts';

test.each(malformedFiles)('in a page: refuses %s', async (_, code, file) => {
  expect(codeOf(file)).toBe(code);
  expect(await codeWhenOpened(file)).toBe(code);
});

test.each(otherFiles)('in a page: says what %s is', async (_, file, says) => {
  expect(() => readSafetensors(file)).toThrow(says);
  expect(await codeWhenOpened(file)).toBe('header-too-large');
});

const tensors = [
  ['weight', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  ['__proto__', { shape: [1], data: Int32Array.of(7) }],
] as const;

test('in a page: a file that a user chose is read tensor by tensor', async () => {
  const parts = safetensorsParts(tensors, { step: '3' }).map((part) => part.slice());
  const file = new File(parts, 'model.safetensors');
  const opened = await openSafetensors(blobSource(file));
  expect([...opened.tensors.keys()].sort()).toEqual(['__proto__', 'weight']);
  expect(opened.metadata.get('step')).toBe('3');
  expect(toFloat32(await opened.read('weight'))).toEqual(Float32Array.of(1, 2, 3, 4));
  expect({}).not.toHaveProperty('dtype');
});

test('in a page: a file cut at any byte is refused, one with any bit flipped crashes nothing', async () => {
  const file = writeSafetensors(tensors, { step: '3' });
  for (let length = 0; length < file.length; length++) {
    expect(codeOf(file.subarray(0, length))).not.toBe('accepted');
  }
  for (let bit = 0; bit < 8 * file.length; bit++) {
    const damaged = file.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    if (codeOf(damaged) === 'accepted') expect(readSafetensors(damaged).tensors.size).toBe(2);
  }
});
