import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ByteSource,
  blobSource,
  fileSource,
  openSafetensors,
  readSafetensors,
  safetensorsParts,
  toFloat32,
  writeSafetensors,
} from '@patchbert/safetensors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tensors = [
  ['b', { shape: [3], data: Float32Array.of(1, 2, 3) }],
  ['a', { shape: [], data: BigInt64Array.of(-1n) }],
  ['none', { shape: [0], data: new Float32Array(0) }],
  ['__proto__', { shape: [2], data: Uint8Array.of(4, 5) }],
] as const;
const metadata = { step: '3' };
const file = writeSafetensors(tensors, metadata);

/** A source in memory that says which ranges were read. */
function watched(bytes: Uint8Array): { source: ByteSource; ranges: [number, number][] } {
  const ranges: [number, number][] = [];
  const read = async (begin: number, end: number) => {
    ranges.push([begin, end]);
    return bytes.slice(begin, end);
  };
  return { source: { size: bytes.length, read }, ranges };
}

describe('openSafetensors', () => {
  it('gives what readSafetensors gives, from a blob and from a file', async () => {
    const path = join(folder, 'model.safetensors');
    await writeFile(path, file);
    const handle = await open(path);
    try {
      const whole = readSafetensors(file);
      for (const source of [blobSource(new Blob([file.slice()])), await fileSource(handle)]) {
        const opened = await openSafetensors(source);
        expect(opened.metadata).toEqual(whole.metadata);
        expect([...opened.tensors.keys()]).toEqual([...whole.tensors.keys()]);
        for (const [name, { dtype, shape, bytes }] of whole.tensors) {
          expect(opened.tensors.get(name)).toEqual({ dtype, shape, byteLength: bytes.length });
          expect(await opened.read(name)).toEqual({ dtype, shape, bytes: Uint8Array.from(bytes) });
        }
      }
    } finally {
      await handle.close();
    }
  });

  it('reads the header, then only the tensor that is asked for', async () => {
    const { source, ranges } = watched(file);
    const { read } = await openSafetensors(source);
    const headerEnd = ranges.at(-1)![1];
    expect(ranges).toEqual([
      [0, 64],
      [8, headerEnd],
    ]);
    expect(toFloat32(await read('b'))).toEqual(Float32Array.of(1, 2, 3));
    expect(ranges.slice(2)).toEqual([[headerEnd + 8, headerEnd + 20]]);
  });

  it('opens three gigabytes on a disk, most of them a hole, without reading them', async () => {
    const size = 3 * 2 ** 30;
    const end = `"data_offsets":[${size},${size + 4}]`;
    const header = `{"large":{"dtype":"U8","shape":[${size}],"data_offsets":[0,${size}]},"last":{"dtype":"F32","shape":[1],${end}}}`;
    const start = new Uint8Array(8 + header.length);
    new DataView(start.buffer).setBigUint64(0, BigInt(header.length), true);
    start.set(new TextEncoder().encode(header), 8);
    const path = join(folder, 'large.safetensors');
    await writeFile(path, start);
    await truncate(path, start.length + size);
    await writeFile(path, new Uint8Array(Float32Array.of(42).buffer), { flag: 'a' });
    const handle = await open(path);
    try {
      const before = process.memoryUsage().arrayBuffers;
      const { tensors: found, read } = await openSafetensors(await fileSource(handle));
      expect(found.get('large')!.byteLength).toBe(size);
      expect(toFloat32(await read('last'))).toEqual(Float32Array.of(42));
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
    } finally {
      await handle.close();
    }
  });

  it('names a tensor that is not there, prototypes included', async () => {
    const { read } = await openSafetensors(blobSource(new Blob([writeSafetensors([]).slice()])));
    for (const name of ['b', '__proto__', 'constructor', 'x'.repeat(1000)]) {
      await expect(read(name)).rejects.toMatchObject({ code: 'safetensors/no-such-tensor' });
    }
  });

  it('says so when the file shrinks or fails while it is open', async () => {
    const path = join(folder, 'shrinks.safetensors');
    await writeFile(path, file);
    const handle = await open(path);
    const { read } = await openSafetensors(await fileSource(handle));
    await truncate(path, file.length - 1);
    await expect(read('__proto__')).rejects.toMatchObject({ code: 'safetensors/truncated' });
    await handle.close();
    await expect(read('b')).rejects.toMatchObject({ code: 'safetensors/not-readable' });
  });
});

describe('safetensorsParts', () => {
  it('are the file of writeSafetensors, the tensors not copied', () => {
    const parts = safetensorsParts(tensors, metadata);
    expect(Uint8Array.from(parts.flatMap((part) => [...part]))).toEqual(file);
    const memory = new Set<ArrayBufferLike>(tensors.map(([, { data }]) => data.buffer));
    expect(parts.slice(1).every(({ buffer }) => memory.has(buffer))).toBe(true);
  });

  it('refuse a header that no reader would take', () => {
    expect(() => safetensorsParts([], { long: 'x'.repeat(100_000_001) })).toThrow(
      expect.objectContaining({ code: 'safetensors/header-too-large' }),
    );
  });
});
