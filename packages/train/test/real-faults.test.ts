import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  buildProject,
  type EndedProcess,
  forkProgram,
  runProgram,
  runProgramMounted,
} from '../../../tests/support/real-process.ts';
import { latestCheckpoint, removeLeftovers } from '../src/index.ts';
import { temporaryFolder } from './support/tiny-run.ts';

beforeAll(() => buildProject('packages/train'));

const save = 'save-checkpoints.mjs';

function expectRefused({ lines, stderr }: EndedProcess, step: number, cause: readonly string[]): void {
  expect(stderr).toBe('');
  expect(lines.at(-2)).toMatchObject({
    refused: step,
    code: 'train/checkpoint-not-saved',
    cause: expect.stringMatching(new RegExp(`^(${cause.join('|')})$`)),
  });
}

describe('a disk that is full', () => {
  it('refuses the save, leaves the earlier checkpoint and nothing half-written: files of limited size', () => {
    // Shells count in blocks of 512 or of 1024 bytes; 10,000 values take 40,000.
    const folder = temporaryFolder();
    const first = runProgram(save, [folder, '1', '100']);
    expect(first.lines[0]).toEqual({ saved: 1 });
    const limited = runProgram(save, [folder, '1', '10000'], 'ulimit -f 16;');
    expectRefused(limited, 1, ['EFBIG']);
    expect(limited.lines.at(-1)).toEqual({ loads: 1, first: 1, skipped: 0, names: ['step-00000001'] });
  });

  it('refuses the save, leaves the earlier checkpoint and nothing half-written: a small file system', () => {
    const folder = temporaryFolder();
    const mounted = runProgramMounted(
      save,
      [folder, '50', '4000'],
      `mount -t tmpfs -o size=256k none "${folder}"`,
    );
    if (mounted === undefined) {
      say('Mounting is not permitted here: a full disk was tried by the limit of file sizes alone.');
      return;
    }
    say('A full disk was tried on a mounted file system of 256 KiB.');
    const refused = mounted.lines.length - 1;
    expect(refused).toBeGreaterThan(3);
    expectRefused(mounted, refused, ['ENOSPC']);
    const loads = refused - 1;
    expect(mounted.lines.at(-1)).toMatchObject({ loads, first: loads, skipped: 0 });
    expect((mounted.lines.at(-1) as { names: string[] }).names).toHaveLength(loads);
  });
});

describe('a folder that may only be read', () => {
  it('refuses the save and keeps what is in it: another user', () => {
    const folder = join(temporaryFolder(), 'checkpoints');
    chmodSync(join(folder, '..'), 0o755);
    runProgram(save, [folder, '1', '10']);
    chmodSync(folder, 0o555);
    const refused = runProgram(save, [folder, '1', '10', 'nobody']);
    chmodSync(folder, 0o755);
    expectRefused(refused, 1, ['EACCES']);
    expect(refused.lines.at(-1)).toEqual({ loads: 1, first: 1, skipped: 0, names: ['step-00000001'] });
  });

  it('refuses the save and keeps what is in it: a file system that is read-only', () => {
    const folder = temporaryFolder();
    runProgram(save, [folder, '1', '10']);
    const mounted = runProgramMounted(
      save,
      [folder, '1', '10'],
      `mount --bind "${folder}" "${folder}" && mount -o remount,ro,bind "${folder}"`,
    );
    if (mounted === undefined) {
      say('Mounting is not permitted here: a read-only folder was tried as another user alone.');
      return;
    }
    say('A read-only folder was tried on a file system mounted so.');
    expectRefused(mounted, 1, ['EROFS']);
    expect(mounted.lines.at(-1)).toEqual({ loads: 1, first: 1, skipped: 0, names: ['step-00000001'] });
  });
});

describe('a process that is killed between writing and renaming', () => {
  it('leaves the earlier checkpoint, and a folder aside that is never loaded and cleaned up', async () => {
    const folder = temporaryFolder();
    const { signal, lines } = runProgram(save, [folder, '3', '10', 'killed-before-rename']);
    expect([signal, lines]).toEqual(['SIGKILL', [{ saved: 1 }, { saved: 2 }]]);
    const [aside] = readdirSync(folder).filter((name) => name.startsWith('.tmp-save'));
    expect(readdirSync(join(folder, aside!)).sort()).toEqual([
      'model.safetensors',
      'optimizer.safetensors',
      'state.json',
    ]);
    expect(await latestCheckpoint(folder)).toMatchObject({ checkpoint: { step: 2 }, skipped: [] });
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual(['step-00000001', 'step-00000002']);
  });
});

describe('checkpoints on another device', () => {
  it('are saved as on any: nothing is written elsewhere and moved there', () => {
    const here = temporaryFolder();
    const other = ['/dev/shm', '/run', '/var/tmp'].find(
      (path) => canWrite(path) && device(path) !== device(here),
    );
    say(
      other === undefined
        ? 'There is no second device here: one was tried.'
        : `The second device was ${other}.`,
    );
    const elsewhere = join(other ?? temporaryFolder(), `patchbert-device-${process.pid}`);
    mkdirSync(elsewhere);
    try {
      const folder = join(here, 'checkpoints');
      symlinkSync(elsewhere, folder);
      const { lines } = runProgram(save, [folder, '2', '10']);
      expect(lines.at(-1)).toMatchObject({ loads: 2, names: ['step-00000001', 'step-00000002'] });
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});

describe('several processes', () => {
  it('that find the lock of one that was killed, at once: one of them gets it, every time', async () => {
    const processes = Array.from({ length: 4 }, () => forkProgram('take-lock.mjs'));
    try {
      await Promise.all(processes.map((one) => once(one, 'message')));
      const ask = (message: string) =>
        Promise.all(
          processes.map(async (one) => {
            const answer = once(one, 'message');
            one.send(message);
            return (await answer)[0] as string;
          }),
        );
      const parent = temporaryFolder();
      for (let round = 0; round < 100; round++) {
        const folder = join(parent, `${round}`);
        mkdirSync(join(folder, '.lock'), { recursive: true });
        writeFileSync(join(folder, '.lock', `2147483646_0_${encodeURIComponent(hostname())}`), '');
        expect((await ask(folder)).sort(), `round ${round}`).toEqual([
          'taken',
          ...Array.from({ length: 3 }, () => 'train/run-in-progress'),
        ]);
        await ask('release');
        expect(readdirSync(folder)).toEqual([]);
      }
    } finally {
      for (const one of processes) one.kill();
    }
  });
});

/** A way that was or was not open on this machine belongs in the output of the tests. */
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function device(path: string): number {
  return statSync(path).dev;
}

function canWrite(folder: string): boolean {
  try {
    const trial = join(folder, `patchbert-trial-${process.pid}`);
    mkdirSync(trial);
    rmSync(trial, { recursive: true });
    return true;
  } catch {
    return false;
  }
}
