import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Backend } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atEveryCall } from '../../../tests/support/file-system-faults.ts';
import { fitClassifier, loadClassifier } from '../src/index.ts';
import { tiny, waves } from './support/waves.ts';

const train = waves(12);
/** A fit that is over at once: nothing is trained, a ridge reads random features. */
const config = { ...tiny, adapt: 'ridge', pretraining: { training: { steps: 1, batchSize: 4 } } } as const;

let backend: Backend;
const parent = mkdtempSync(join(tmpdir(), 'patchbert-classify-'));
beforeAll(async () => {
  backend = await onnxCpu.create({ threads: 1 });
});
afterAll(async () => {
  await backend.dispose();
  rmSync(parent, { recursive: true });
});

let folders = 0;
const fit = (folder: string) => fitClassifier({ config, train, backend, folder });
const newFolder = async () => join(parent, `${folders++}`);

describe.each([{ kind: 'stops' }, { kind: 'fails from then on', code: 'ENOSPC' }] as const)(
  'a fit that writes its folder, where every write and rename in turn $kind',
  (fault) => {
    it('leaves a classifier that is whole, or none', async () => {
      const { folder: whole } = await fit(await newFolder());
      const predict = async (folder: string) => (await loadClassifier(folder, backend)).predict(train);
      const expected = await predict(whole);
      const faults = await atEveryCall(fault, {
        only: ['writeFile', 'rename'],
        prepare: newFolder,
        run: fit,
        async check(folder, { value, error }) {
          if (error !== undefined) expect(error).toMatchObject({ code: 'train/file-not-written' });
          if (value !== undefined) expect(await predict(folder)).toEqual(expected);
          else await expect(predict(folder)).rejects.toMatchObject({ code: 'classify/no-classifier' });
        },
      });
      expect(faults).toBeGreaterThan(10);
    });
  },
);
