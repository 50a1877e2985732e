import { type SafeTensor, type SafeTensorType, toFloat32, toInt32 } from '@patchbert/safetensors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function tensor(dtype: SafeTensorType, data: ArrayBufferView, elements: number): SafeTensor {
  return { dtype, shape: [elements], bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

describe('toFloat32', () => {
  it.each<[number, number]>([
    [0x0000, 0],
    [0x8000, -0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x03ff, (1023 / 1024) * 2 ** -14],
    [0x0001, 2 ** -24],
    [0x7c00, Number.POSITIVE_INFINITY],
    [0xfc00, Number.NEGATIVE_INFINITY],
    [0x7e01, Number.NaN],
  ])('decodes half precision %i', (bits, expected) => {
    expect(toFloat32(tensor('F16', Uint16Array.of(bits), 1))[0]).toBe(expected);
  });

  it.each<[number, number]>([
    [0x0000, 0],
    [0x3f80, 1],
    [0xc0a0, -5],
    [0x4049, 3.140625],
    [0x0001, 2 ** -133],
    [0x7f80, Number.POSITIVE_INFINITY],
    [0xff80, Number.NEGATIVE_INFINITY],
    [0x7fc1, Number.NaN],
  ])('decodes bfloat16 %i', (bits, expected) => {
    expect(toFloat32(tensor('BF16', Uint16Array.of(bits), 1))[0]).toBe(expected);
  });

  it('keeps float32 exactly, aligned or not, and rounds float64', () => {
    fc.assert(
      fc.property(fc.float32Array(), (drawn) => {
        const values = Float32Array.from(drawn);
        expect(toFloat32(tensor('F32', values, values.length))).toEqual(values);
        const shifted = new Uint8Array(values.byteLength + 1);
        shifted.set(new Uint8Array(values.buffer), 1);
        expect(toFloat32(tensor('F32', shifted.subarray(1), values.length))).toEqual(values);
        expect(toFloat32(tensor('F64', Float64Array.from(values), values.length))).toEqual(values);
      }),
      { seed: 4, numRuns: 100 },
    );
    expect(toFloat32(tensor('F64', Float64Array.of(0.1), 1))[0]).toBe(Math.fround(0.1));
  });

  it.each<SafeTensorType>(['I64', 'I32', 'U8', 'BOOL'])('refuses %s', (dtype) => {
    expect(() => toFloat32(tensor(dtype, new Uint8Array(8), 1))).toThrow(
      new RegExp(`^toFloat32: .*${dtype}`),
    );
  });
});

describe('toInt32', () => {
  it('reads both widths and the whole range', () => {
    const values = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
    expect([...toInt32(tensor('I32', Int32Array.from(values), 5))]).toEqual(values);
    expect([...toInt32(tensor('I64', BigInt64Array.from(values.map(BigInt)), 5))]).toEqual(values);
  });

  it.each([2n ** 31n, -(2n ** 31n) - 1n, 2n ** 62n])('refuses %i', (value) => {
    expect(() => toInt32(tensor('I64', BigInt64Array.of(0n, value), 2))).toThrow(/element 1 .*32 bits/);
  });

  it('refuses floats', () => {
    expect(() => toInt32(tensor('F32', new Uint8Array(4), 1))).toThrow(/F32/);
  });
});
