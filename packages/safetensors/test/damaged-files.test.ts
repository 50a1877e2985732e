import { readSafetensors, type SafeTensorsFile, writeSafetensors } from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';
import { codeOf, codeWhenOpened } from './malformed-cases.ts';

const file = writeSafetensors(
  [
    ['weight', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
    ['count', { shape: [], data: BigInt64Array.of(7n) }],
    ['half', { dtype: 'F16', shape: [1, 3], bytes: Uint8Array.of(0, 60, 0, 64, 0, 66) }],
    ['none', { shape: [4, 0], data: new Float32Array(0) }],
  ],
  { step: '3' },
);
const headerEnd = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));

/** All that a file holds except its names: tensors in the order of their bytes. */
function contents({ tensors }: SafeTensorsFile): unknown[] {
  return [...tensors.values()].map(({ dtype, shape, bytes }) => ({
    dtype,
    // A tensor without elements has no content; its other sizes say nothing.
    shape: bytes.length === 0 ? 'none' : shape,
    bytes: Uint8Array.from(bytes),
  }));
}

/** The bit numbers of the bytes from `begin` to `end`, with the file that has that one flipped. */
function* flipped(begin: number, end: number): Generator<[number, Uint8Array]> {
  for (let bit = 8 * begin; bit < 8 * end; bit++) {
    const damaged = file.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    yield [bit, damaged];
  }
}

describe('a file', () => {
  it('that is cut at any byte is refused', async () => {
    for (let length = 0; length < file.length; length++) {
      const cut = file.subarray(0, length);
      expect(codeOf(cut), `cut at ${length}`).not.toBe('accepted');
      expect(await codeWhenOpened(cut), `cut at ${length}`).toBe(codeOf(cut));
    }
    expect(codeOf(file)).toBe('accepted');
  });

  it('that is longer by any byte is refused', () => {
    for (let byte = 0; byte < 256; byte++) {
      expect(codeOf(Uint8Array.of(...file, byte))).toBe('bad-offsets');
    }
  });

  it('with any bit of its header flipped is refused, or holds the same tensors with one name, text or empty size changed', () => {
    const original = readSafetensors(file);
    let renamed = 0;
    for (const [bit, damaged] of flipped(0, headerEnd)) {
      if (codeOf(damaged) !== 'accepted') continue;
      const read = readSafetensors(damaged);
      expect(contents(read), `bit ${bit}`).toEqual(contents(original));
      const names = [...read.tensors.keys()].filter((name) => !original.tensors.has(name)).length;
      const texts = [...read.metadata].filter(([key, text]) => original.metadata.get(key) !== text).length;
      const sizes = [...read.tensors.values()].map(({ shape }) => shape.join()).join(';');
      expect(names + texts, `bit ${bit}`).toBeLessThanOrEqual(1);
      renamed += names;
      if (names + texts === 0) expect(sizes, `bit ${bit}`).toMatch(/^;\d,0;2,2;1,3$/);
    }
    // So whoever knows the names, as every model of ours does, sees all of these.
    expect(renamed).toBeGreaterThan(0);
  });

  it('with any bit of its data flipped differs in that byte alone', () => {
    const original = readSafetensors(file);
    for (const [bit, damaged] of flipped(headerEnd, file.length)) {
      const read = readSafetensors(damaged);
      expect(read.metadata).toEqual(original.metadata);
      expect([...read.tensors.keys()]).toEqual([...original.tensors.keys()]);
      const bytes = (all: SafeTensorsFile) => [...all.tensors.values()].flatMap((one) => [...one.bytes]);
      const before = bytes(original);
      const different = bytes(read).flatMap((byte, at) => (byte === before[at] ? [] : [at]));
      expect(different).toEqual([(bit >> 3) - headerEnd]);
    }
  });
});
