import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEveryCall } from '../../../tests/support/file-system-faults.ts';
import { lockRunFolder, runFolderAt } from '../src/index.ts';
import { temporaryFolder } from './support/tiny-run.ts';

/** More than the largest process id of Linux. */
const nobody = 2147483646;

/** A run folder that a process holds, or held. */
function heldBy(pid: number, machine = hostname()): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.lock'));
  writeFileSync(join(folder, '.lock', `${pid}_0_${encodeURIComponent(machine)}`), '');
  return folder;
}

const lock = (folder: string) => lockRunFolder(runFolderAt(folder));

describe('a run folder', () => {
  it('is held by one process at a time', async () => {
    const folder = temporaryFolder();
    const release = await lock(folder);
    await expect(lock(folder)).rejects.toMatchObject({
      code: 'train/run-in-progress',
      message: expect.stringContaining(`process ${process.pid} is writing`),
    });
    await release();
    expect(readdirSync(folder)).toEqual([]);
    await (await lock(folder))();
  });

  it('of a living process, of one of another machine or of nobody knows whom is refused', async () => {
    const unknown = temporaryFolder();
    writeFileSync(join(unknown, '.lock'), '');
    for (const [folder, holder] of [
      [heldBy(process.ppid), `process ${process.ppid} is`],
      [heldBy(nobody, 'other_machine/1'), `process ${nobody} of machine "other_machine%2F1" is`],
      [unknown, 'an unknown process is'],
    ] as const) {
      await expect(lock(folder)).rejects.toMatchObject({
        code: 'train/run-in-progress',
        message: expect.stringContaining(holder),
      });
    }
  });

  it('of a process that is gone is taken, and so is that of an earlier one with our number', async () => {
    for (const folder of [heldBy(nobody), heldBy(process.pid)]) {
      const release = await lock(folder);
      await expect(lock(folder)).rejects.toMatchObject({ code: 'train/run-in-progress' });
      await release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('written as a file by the first releases is taken when its process is gone, and only then', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, '.lock'), `${nobody} 123.4`);
    await (await lock(folder))();
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(join(folder, '.lock'), `${process.ppid} 123.4`);
    await expect(lock(folder)).rejects.toMatchObject({ code: 'train/run-in-progress' });
  });

  it('loses what an earlier process left unfinished in it', async () => {
    const folder = heldBy(nobody);
    writeFileSync(join(folder, '.tmp-17-abc'), 'half a con');
    writeFileSync(join(folder, 'config.json'), '{}');
    const release = await lock(folder);
    expect(readdirSync(folder).sort()).toEqual(['.lock', 'config.json']);
    await release();
  });

  it('found by many at once, held by one that is gone, is given to one of them', async () => {
    for (let round = 0; round < 50; round++) {
      const folder = heldBy(nobody);
      const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => lock(folder)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes) if (outcome.status === 'fulfilled') await outcome.value();
    }
  });

  it.each([
    ['nobody', () => temporaryFolder()],
    ['one that is gone', () => heldBy(nobody)],
  ])('of %s is given to one of two, at whatever call of the one the other comes', async (_, held) => {
    const calls = await atEveryCall(
      { kind: 'waits' },
      {
        prepare: async () => ({ folder: held(), other: [] as (() => Promise<void>)[] }),
        run: ({ folder }) => lock(folder),
        async check({ folder, other }, { value, error }) {
          if (error !== undefined) expect(error).toMatchObject({ code: 'train/run-in-progress' });
          expect([value, ...other].filter((release) => release !== undefined)).toHaveLength(1);
          await expect(lock(folder)).rejects.toMatchObject({ code: 'train/run-in-progress' });
          await (value ?? other[0]!)();
          expect(readdirSync(folder)).toEqual([]);
        },
        async meanwhile({ folder, other }) {
          await lock(folder).then(
            (release) => other.push(release),
            (error: unknown) => expect(error).toMatchObject({ code: 'train/run-in-progress' }),
          );
        },
      },
    );
    expect(calls).toBeGreaterThan(5);
  });

  it('can be taken after a process died at any moment of taking it', async () => {
    await atEveryCall(
      { kind: 'stops' },
      {
        prepare: async () => heldBy(nobody),
        run: lock,
        async check(folder, { value }) {
          await value?.();
          const held = join(folder, '.lock');
          const ours = existsSync(held) ? readdirSync(held) : [];
          // Had it really died, its number would be nobody's.
          for (const name of ours)
            renameSync(join(held, name), join(held, name.replace(/^\d+/, `${nobody}`)));
          await (await lock(folder))();
          expect(readdirSync(folder)).toEqual([]);
        },
      },
    );
  });
});
