import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WritableTensor, writeSafetensors } from '@patchbert/safetensors';
import { afterAll } from 'vitest';
import { type PatchTSTModel, tensorNames } from '../../src/index.ts';

/** A folder of the test file's own, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-patchtst-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A model's tensors under Hugging Face's names. */
export function theirTensors({ config, parameters }: PatchTSTModel): Map<string, WritableTensor> {
  return new Map(
    tensorNames(config).map(({ name, theirs, theirShape }): [string, WritableTensor] => {
      const { data } = parameters[name]!;
      const values = data instanceof Int32Array ? BigInt64Array.from(data, BigInt) : data;
      return [theirs, { shape: theirShape, data: values }];
    }),
  );
}

export function writeTensors(path: string, tensors: Iterable<readonly [string, WritableTensor]>): void {
  writeFileSync(path, writeSafetensors(tensors, { format: 'pt' }));
}

export function writeJson(path: string, value: unknown): void {
  writeFileSync(path, JSON.stringify(value));
}
