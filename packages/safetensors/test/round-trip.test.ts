import {
  readSafetensors,
  type SafeTensor,
  type SafeTensorType,
  safetensorsHeader,
  toFloat32,
  toInt32,
  writeSafetensors,
} from '@patchbert/safetensors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFile, headerOf } from './build-file.ts';

const widths: Record<SafeTensorType, number> = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

const anyTensor: fc.Arbitrary<SafeTensor> = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(widths) as SafeTensorType[])),
    shape: fc.array(fc.nat(4), { maxLength: 4 }),
  })
  .chain(({ dtype, shape }) => {
    const length = shape.reduce((product, size) => product * size, widths[dtype]);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => ({ dtype, shape, bytes: Uint8Array.from(bytes) }));
  });
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 });
const anyName = anyText.filter((name) => name !== '__metadata__');
const anyFile = fc.record({
  tensors: fc.uniqueArray(fc.tuple(anyName, anyTensor), { selector: ([name]) => name, maxLength: 8 }),
  metadata: fc.uniqueArray(fc.tuple(anyText, anyText), { selector: ([key]) => key, maxLength: 4 }),
});

describe('writeSafetensors, then readSafetensors', () => {
  it('gives back every tensor and all metadata', () => {
    fc.assert(
      fc.property(anyFile, ({ tensors, metadata }) => {
        const read = readSafetensors(writeSafetensors(tensors, new Map(metadata)));
        expect(
          new Map([...read.tensors].map(([name, t]) => [name, { ...t, bytes: Uint8Array.from(t.bytes) }])),
        ).toEqual(new Map(tensors));
        expect(read.metadata).toEqual(new Map(metadata));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('writes the same bytes whatever the order of tensors and metadata', () => {
    fc.assert(
      fc.property(anyFile, ({ tensors, metadata }) => {
        const file = writeSafetensors(tensors, new Map(metadata));
        expect(writeSafetensors(tensors.toReversed(), new Map(metadata.toReversed()))).toEqual(file);
      }),
      { seed: 2, numRuns: 100 },
    );
  });

  it('writes the same bytes piece by piece, after the header alone', () => {
    fc.assert(
      fc.property(anyFile, ({ tensors, metadata }) => {
        const { bytes, names, dataLength } = safetensorsHeader(tensors, new Map(metadata));
        const byName = new Map(tensors);
        const pieces = names.map((name) => byName.get(name)!.bytes);
        const file = writeSafetensors(tensors, new Map(metadata));
        expect(Buffer.concat([bytes, ...pieces]).equals(file)).toBe(true);
        expect(file.length - bytes.length).toBe(dataLength);
      }),
      { seed: 5, numRuns: 100 },
    );
  });

  it('writes no header that no reader takes', () => {
    const long = { note: 'x'.repeat(100_000_000) };
    expect(() => safetensorsHeader([], long)).toThrow(
      expect.objectContaining({ code: 'safetensors/header-too-large' }),
    );
    expect(() => safetensorsHeader([['a', { dtype: 'F32', shape: [-1] }]])).toThrow(
      expect.objectContaining({ code: 'safetensors/bad-tensor' }),
    );
  });

  it('aligns the data and every tensor in it to the width of its elements', () => {
    fc.assert(
      fc.property(anyFile, ({ tensors }) => {
        for (const { dtype, bytes } of readSafetensors(writeSafetensors(tensors)).tensors.values()) {
          expect(bytes.byteOffset % widths[dtype]).toBe(0);
        }
      }),
      { seed: 3, numRuns: 100 },
    );
  });

  it('handles names that bite elsewhere', () => {
    const names = [
      '__proto__',
      'constructor',
      'toString',
      'a\u0000b',
      '\u202eabc',
      'x'.repeat(1 << 20),
      '',
      '"\\\n',
    ];
    const file = writeSafetensors(names.map((name, i) => [name, { shape: [1], data: Float32Array.of(i) }]));
    const { tensors } = readSafetensors(file);
    expect(names.map((name) => toFloat32(tensors.get(name)!)[0])).toEqual(names.map((_, i) => i));
    expect({}).not.toHaveProperty('dtype');
  });

  it('handles scalars, tensors of size zero and no tensors at all', () => {
    const file = writeSafetensors([
      ['scalar', { shape: [], data: Float32Array.of(5) }],
      ['empty', { shape: [3, 0, 2], data: new Float32Array(0) }],
    ]);
    const { tensors } = readSafetensors(file);
    expect(toFloat32(tensors.get('scalar')!)).toEqual(Float32Array.of(5));
    expect(tensors.get('empty')).toMatchObject({ shape: [3, 0, 2] });
    expect(readSafetensors(writeSafetensors([])).tensors.size).toBe(0);
  });
});

describe('writeSafetensors', () => {
  it('writes the layout other readers expect', () => {
    const file = writeSafetensors(
      [
        ['b', { shape: [2], data: Float32Array.of(1, 2) }],
        ['a', { shape: [1], data: Float32Array.of(3) }],
      ],
      { format: 'pt' },
    );
    expect(headerOf(file)).toMatch(/^\{.*\} *$/);
    expect(headerOf(file).length % 8).toBe(0);
    expect(headerOf(file).trimEnd()).toBe(
      '{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},' +
        '"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}',
    );
  });

  it.each([
    ['a shape of another size', [['a', { shape: [3], data: new Float32Array(2) }]]],
    ['a negative size', [['a', { shape: [-1, -2], data: new Float32Array(2) }]]],
    [
      'a repeated name',
      [
        ['a', { shape: [0], data: new Float32Array(0) }],
        ['a', { shape: [0], data: new Float32Array(0) }],
      ],
    ],
    ['the name of the metadata', [['__metadata__', { shape: [0], data: new Float32Array(0) }]]],
    ['half a surrogate pair', [['\ud800', { shape: [0], data: new Float32Array(0) }]]],
  ] as [string, [string, { shape: number[]; data: Float32Array }][]][])('refuses %s', (_, tensors) => {
    expect(() => writeSafetensors(tensors)).toThrow(/^writeSafetensors: /);
  });

  it('refuses metadata that is no text', () => {
    expect(() => writeSafetensors([], { step: 3 } as unknown as Record<string, string>)).toThrow(/"step"/);
  });
});

describe('readSafetensors', () => {
  it('accepts trailing white space in the header and a file that starts anywhere in memory', () => {
    const file = buildFile('{"a":{"shape":[1],"dtype":"F32","data_offsets":[0,4]}} \n\t ', 4);
    file.set([0, 0, 0x80, 0x3f], file.length - 4);
    for (const offset of [0, 1, 2, 3, 4]) {
      const memory = new Uint8Array(file.length + offset);
      memory.set(file, offset);
      const { tensors } = readSafetensors(memory.subarray(offset));
      expect(toFloat32(tensors.get('a')!)).toEqual(Float32Array.of(1));
    }
  });

  it('hands out views of the file', () => {
    const file = writeSafetensors([['a', { shape: [1], data: Float32Array.of(1) }]]);
    expect(readSafetensors(file).tensors.get('a')!.bytes.buffer).toBe(file.buffer);
    expect(
      toInt32(
        readSafetensors(writeSafetensors([['i', { shape: [2], data: Int32Array.of(-1, 2) }]])).tensors.get(
          'i',
        )!,
      ),
    ).toEqual(Int32Array.of(-1, 2));
  });
});
