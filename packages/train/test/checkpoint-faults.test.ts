import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { float32Tensor } from '@patchbert/ops';
import { describe, expect, it } from 'vitest';
import { atEveryCall, type FaultyRun, withFault } from '../../../tests/support/file-system-faults.ts';
import {
  type Checkpoint,
  checkpointPath,
  latestCheckpoint,
  removeLeftovers,
  retainCheckpoints,
  saveCheckpoint,
} from '../src/index.ts';
import { temporaryFolder } from './support/tiny-run.ts';

/** What can happen at any call that writes. */
const faults = [
  { kind: 'stops' },
  { kind: 'fails', code: 'ENOSPC' },
  { kind: 'fails from then on', code: 'EROFS' },
] as const;

function checkpoint(step: number, first: number): Checkpoint {
  return {
    step,
    parameters: { weight: float32Tensor(Float32Array.of(first, 2), [2]) },
    optimiser: { 'adam.mean.weight': float32Tensor(Float32Array.of(-first, 2), [2]) },
    facts: { config: { first }, model: {}, backend: 'tfjs-cpu', engine: 'test', dataFingerprint: 'abc' },
  };
}

async function folderWith(...checkpoints: readonly Checkpoint[]): Promise<string> {
  const folder = temporaryFolder();
  for (const one of checkpoints) await saveCheckpoint(folder, one);
  return folder;
}

/** Either the earlier or the saved one loads, each as a whole; the saved one where the save said that it is done. */
async function expectEarlierOrSaved(
  folder: string,
  { value, error }: FaultyRun<string>,
  earlier: Checkpoint,
  saved: Checkpoint,
) {
  if (error !== undefined) expect(error).toMatchObject({ code: 'train/checkpoint-not-saved' });
  const latest = (await latestCheckpoint(folder))!;
  expect(latest.skipped).toEqual([]);
  expect(value === undefined ? [earlier, saved] : [saved]).toContainEqual(latest.checkpoint);
}

describe.each(faults)('a save whose every call in turn $kind', (fault) => {
  it.each([
    ['beside an earlier checkpoint', checkpoint(1, 10), checkpoint(2, 20)],
    ['in place of the only one, of the same step', checkpoint(3, 10), checkpoint(3, 20)],
  ])('%s leaves one of both to load', async (_, earlier, saved) => {
    const calls = await atEveryCall(fault, {
      prepare: () => folderWith(earlier),
      run: (folder) => saveCheckpoint(folder, saved),
      async check(folder, outcome) {
        await expectEarlierOrSaved(folder, outcome, earlier, saved);
        await removeLeftovers(folder);
        await expectEarlierOrSaved(folder, outcome, earlier, saved);
        expect(readdirSync(folder).filter((name) => !/^step-\d{8}$/.test(name))).toEqual([]);
        await saveCheckpoint(folder, saved);
        expect((await latestCheckpoint(folder))?.checkpoint).toEqual(saved);
      },
    });
    expect(calls).toBeGreaterThan(12);
  });

  it('leaves nothing to load when it was the first', async () => {
    await atEveryCall(fault, {
      prepare: () => folderWith(),
      run: (folder) => saveCheckpoint(join(folder, 'checkpoints'), checkpoint(1, 10)),
      async check(folder, { value }) {
        const latest = await latestCheckpoint(join(folder, 'checkpoints'));
        if (value !== undefined) expect(latest?.checkpoint).toEqual(checkpoint(1, 10));
        else expect([undefined, 1]).toContain(latest?.checkpoint.step);
      },
    });
  });
});

describe.each(faults)('removing old checkpoints, where every call in turn $kind', (fault) => {
  it('never takes the newest', async () => {
    const all = [1, 2, 3].map((step) => checkpoint(step, step));
    await atEveryCall(fault, {
      prepare: () => folderWith(...all),
      run: (folder) => retainCheckpoints(folder, { step: 3, newest: 1 }),
      async check(folder, { error }) {
        if (error !== undefined) expect(error).toMatchObject({ code: 'train/checkpoint-not-removed' });
        expect(await latestCheckpoint(folder)).toMatchObject({ checkpoint: all[2], skipped: [] });
        await retainCheckpoints(folder, { step: 3, newest: 1 });
        expect(readdirSync(folder)).toEqual(['step-00000003']);
      },
    });
  });
});

describe('a file system that moves no folders', () => {
  const moves = { kind: 'fails from then on', code: 'EXDEV' } as const;

  it('is told, and the earlier checkpoint stays', async () => {
    const [earlier, saved] = [checkpoint(1, 10), checkpoint(2, 20)];
    const folder = await folderWith(earlier);
    const { calls } = await withFault(undefined, () => saveCheckpoint(folder, saved));
    const again = await folderWith(earlier);
    const at = calls.indexOf('rename');
    const { error } = await withFault({ ...moves, at }, () => saveCheckpoint(again, saved));
    expect(error).toMatchObject({
      code: 'train/checkpoint-not-saved',
      message: expect.stringContaining('EXDEV'),
    });
    expect((await latestCheckpoint(again))?.checkpoint).toEqual(earlier);
  });

  it('still lets old checkpoints be removed: they are not moved', async () => {
    const folder = await folderWith(checkpoint(1, 1), checkpoint(2, 2));
    const { calls } = await withFault(undefined, () => retainCheckpoints(folder, { step: 2, newest: 1 }));
    expect(calls).not.toContain('rename');
    expect((await latestCheckpoint(folder))?.path).toBe(checkpointPath(folder, 2));
  });
});
