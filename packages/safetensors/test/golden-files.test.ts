import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readSafetensors, toFloat32, toInt32, writeSafetensors } from '@patchbert/safetensors';
import { describe, expect, it } from 'vitest';

/** Files written by the Python library. */
const folder =
  process.env.PATCHBERT_GOLDEN_DIR ?? path.join(import.meta.dirname, '../../../../shared/golden');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.safetensors'))
  .sort();

describe('files of the reference writer', () => {
  it('are there', () => {
    expect(files.length, `no .safetensors files under ${folder}`).toBeGreaterThan(0);
  });

  it.each(files)('%s reads, decodes and survives a round trip', (name) => {
    const original = readSafetensors(readFileSync(path.join(folder, name)));
    const copy = readSafetensors(writeSafetensors(original.tensors, original.metadata));
    expect(copy.metadata).toEqual(original.metadata);
    expect([...copy.tensors.keys()].sort()).toEqual([...original.tensors.keys()].sort());
    for (const [tensorName, tensor] of original.tensors) {
      const decode = tensor.dtype.startsWith('I') ? toInt32 : toFloat32;
      expect(decode(copy.tensors.get(tensorName)!)).toEqual(decode(tensor));
      expect(copy.tensors.get(tensorName)!.shape).toEqual(tensor.shape);
    }
  });
});
