import { expect, it } from 'vitest';
// No machine of ours is big-endian, and the package offers no way to pretend: this one file looks inside.
import { littleEndianBytes } from '../src/little-endian.ts';

it.each([
  [Float64Array.of(1.5, -2), 8],
  [Float32Array.of(1.5, -2), 4],
  [BigInt64Array.of(-2n, 3n), 8],
  [BigUint64Array.of(2n ** 63n), 8],
  [Int32Array.of(-2, 3), 4],
  [Uint32Array.of(2 ** 31), 4],
  [Int16Array.of(-2, 3), 2],
  [Uint16Array.of(1, 2), 2],
  [Int8Array.of(-2, 3), 1],
  [Uint8Array.of(1, 2), 1],
])('a big-endian host writes the values of %o as little-endian bytes, in a copy', (values, width) => {
  const host = new Uint8Array(values.buffer).slice();
  for (let at = 0; at < host.length; at += width) host.subarray(at, at + width).reverse();
  const Values = values.constructor as new (buffer: ArrayBuffer) => typeof values;
  const onBigEndian = new Values(host.buffer);
  const before = host.slice();
  expect(littleEndianBytes(onBigEndian, false)).toEqual(littleEndianBytes(values, true));
  expect(host).toEqual(before);
});
