import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  blobSource,
  openSafetensors,
  readSafetensors,
  type SafeTensorType,
  toFloat32,
  toInt32,
  writeSafetensors,
} from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';

/** Written by `python examples/python/check_safetensors.py write`, safetensors 0.8.0 and numpy 2.4.6. */
const file = new Uint8Array(
  Buffer.from(readFileSync(join(import.meta.dirname, 'python-file.base64'), 'utf8'), 'base64'),
);

const half = [0x0001, 0x03ff, 0x0400, 0x3c00, 0x7bff, 0x7c00, 0xfc00, 0x7e01, 0x8000];
const brain = [0x0001, 0x3f80, 0xc0a0, 0x7f80, 0xff80, 0x7fc1, 0x8000];
const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

const expected: readonly [string, SafeTensorType, number[], ArrayBufferView][] = [
  ['float64', 'F64', [5], Float64Array.of(0.1, -0, infinity, nan, 5e-324)],
  ['float32', 'F32', [2, 2], Float32Array.of(1.5, -2, 3e38, 1e-45)],
  ['float16', 'F16', [9], Uint16Array.from(half)],
  ['bfloat16', 'BF16', [7], Uint16Array.from(brain)],
  ['int64', 'I64', [3], BigInt64Array.of(-(2n ** 63n), -1n, 2n ** 63n - 1n)],
  ['int32', 'I32', [3], Int32Array.of(-(2 ** 31), -1, 2 ** 31 - 1)],
  ['int16', 'I16', [2], Int16Array.of(-(2 ** 15), 2 ** 15 - 1)],
  ['int8', 'I8', [2], Int8Array.of(-128, 127)],
  ['uint64', 'U64', [1], BigUint64Array.of(2n ** 64n - 1n)],
  ['uint32', 'U32', [1], Uint32Array.of(2 ** 32 - 1)],
  ['uint16', 'U16', [1], Uint16Array.of(2 ** 16 - 1)],
  ['uint8', 'U8', [2], Uint8Array.of(0, 255)],
  ['bool', 'BOOL', [1, 3], Uint8Array.of(1, 0, 1)],
  ['scalar', 'F32', [], Float32Array.of(7.5)],
  ['none', 'F32', [3, 0, 2], new Float32Array(0)],
  ['__proto__', 'I8', [2], Int8Array.of(1, 2)],
  ['größe/日本\n', 'I8', [1], Int8Array.of(3)],
];

const bytesOf = (values: ArrayBufferView) => new Uint8Array(values.buffer.slice(0));

describe("a file of Python's library", () => {
  it('holds every tensor and all metadata, to the bit', async () => {
    const { tensors, metadata } = readSafetensors(file);
    expect(metadata).toEqual(
      new Map([
        ['format', 'np'],
        ['note', 'größe 日本\n'],
      ]),
    );
    expect([...tensors.keys()].sort()).toEqual(expected.map(([name]) => name).sort());
    const opened = await openSafetensors(blobSource(new Blob([file])));
    for (const [name, dtype, shape, values] of expected) {
      const { bytes, ...rest } = tensors.get(name)!;
      expect(rest, name).toEqual({ dtype, shape });
      expect(Uint8Array.from(bytes), name).toEqual(bytesOf(values));
      expect(await opened.read(name), name).toEqual({ dtype, shape, bytes: Uint8Array.from(bytes) });
    }
  });

  it('decodes subnormal, infinite and undefined half precision', () => {
    const { tensors } = readSafetensors(file);
    expect([...toFloat32(tensors.get('float16')!)]).toEqual([
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      1,
      65504,
      infinity,
      -infinity,
      nan,
      -0,
    ]);
    expect([...toFloat32(tensors.get('bfloat16')!)]).toEqual([
      2 ** -133,
      1,
      -5,
      infinity,
      -infinity,
      nan,
      -0,
    ]);
    expect([...toInt32(tensors.get('int32')!)]).toEqual([-(2 ** 31), -1, 2 ** 31 - 1]);
  });

  it('is written again with the same content', () => {
    const { tensors, metadata } = readSafetensors(file);
    const again = readSafetensors(writeSafetensors(tensors, metadata));
    expect(again.metadata).toEqual(metadata);
    for (const [name, { dtype, shape, bytes }] of tensors) {
      expect(again.tensors.get(name)).toMatchObject({ dtype, shape });
      expect(Uint8Array.from(again.tensors.get(name)!.bytes)).toEqual(Uint8Array.from(bytes));
    }
  });
});
