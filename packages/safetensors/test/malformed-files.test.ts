import { readSafetensors, writeSafetensors } from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';
import { buildFile } from './build-file.ts';
import { codeOf, codeWhenOpened, malformedFiles, otherFiles, tensor } from './malformed-cases.ts';

describe('readSafetensors and openSafetensors refuse', () => {
  it.each(malformedFiles)('%s', async (_, code, file) => {
    expect(codeOf(file)).toBe(code);
    expect(await codeWhenOpened(file)).toBe(code);
  });

  it.each(otherFiles)('%s, and say what it is', async (_, file, says) => {
    expect(() => readSafetensors(file)).toThrow(says);
    expect(await codeWhenOpened(file)).toBe('header-too-large');
  });

  it('a header of 100 MB and a byte that is all there, unread', async () => {
    const file = buildFile(new Uint8Array(100_000_001).fill(0x20));
    expect(codeOf(file)).toBe('header-too-large');
    expect(await codeWhenOpened(file)).toBe('header-too-large');
  });

  it('a hundred thousand tensors on one range, without a copy of any', () => {
    const entries = Array.from({ length: 100_000 }, (_, i) => `"t${i}":${tensor('[0,1000000]', '[250000]')}`);
    const file = buildFile(`{${entries.join(',')}}`, 1_000_000);
    const before = process.memoryUsage().arrayBuffers;
    expect(codeOf(file)).toBe('bad-offsets');
    // One copy each would be 100 GB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });
});

describe('readSafetensors takes', () => {
  it('a tensor of size zero between others, wherever the header names it', () => {
    const fields = [`"a":${tensor('[0,4]')}`, `"none":${tensor('[4,4]', '[3,0]')}`, `"b":${tensor('[4,8]')}`];
    for (const order of [fields, fields.toReversed()]) {
      const { tensors } = readSafetensors(buildFile(`{${order.join(',')}}`, 8));
      expect([...tensors.keys()]).toEqual(['a', 'none', 'b']);
    }
  });

  it('a header of names and metadata of a megabyte', () => {
    const long = 'x'.repeat(1 << 20);
    const file = writeSafetensors([[long, { shape: [], data: Float32Array.of(1) }]], { [long]: long });
    expect(readSafetensors(file).metadata.get(long)).toBe(long);
  });
});
