import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { float32Tensor } from '@patchbert/ops';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  checkpointPath,
  checkpointSteps,
  historyFacts,
  latestCheckpoint,
  loadCheckpoint,
  removeLeftovers,
  retainCheckpoints,
  saveCheckpoint,
} from '../src/index.ts';
import { temporaryFolder } from './support/tiny-run.ts';

function checkpoint(step: number, first = step): Checkpoint {
  return {
    step,
    parameters: { 'a.weight': float32Tensor(Float32Array.of(first, 2, 3, 4), [2, 2]) },
    optimiser: { 'adam.mean.a.weight': float32Tensor(Float32Array.of(5, 6, 7, 8), [2, 2]) },
    facts: {
      config: { seed: 0 },
      model: { width: 2 },
      backend: 'tfjs-cpu',
      engine: 'test',
      dataFingerprint: 'abc',
    },
  };
}

describe('checkpoints', () => {
  it('come back as they were saved', async () => {
    const folder = join(temporaryFolder(), 'checkpoints');
    const best = { step: 1, maskedError: 0.1 + 0.2 };
    const saved = { ...checkpoint(1000), facts: { ...checkpoint(1000).facts, best } };
    const path = await saveCheckpoint(folder, saved);
    expect(path).toBe(join(folder, 'step-00001000'));
    expect(readdirSync(folder)).toEqual(['step-00001000']);
    expect(readdirSync(path).sort()).toEqual(['model.safetensors', 'optimizer.safetensors', 'state.json']);
    expect(await loadCheckpoint(path)).toEqual(saved);
  });

  it('are found newest first by step, whatever the clock or the order of saving', async () => {
    const folder = temporaryFolder();
    expect(await latestCheckpoint(folder)).toBeUndefined();
    for (const step of [30, 123456789, 4]) await saveCheckpoint(folder, checkpoint(step));
    expect(await checkpointSteps(folder)).toEqual([4, 30, 123456789]);
    expect((await latestCheckpoint(folder))?.checkpoint.step).toBe(123456789);
  });

  it('replace one of the same step', async () => {
    const folder = temporaryFolder();
    await saveCheckpoint(folder, checkpoint(3, 100));
    await saveCheckpoint(folder, checkpoint(3, 200));
    expect(readdirSync(folder)).toEqual(['step-00000003']);
    const { parameters } = await loadCheckpoint(join(folder, 'step-00000003'));
    expect(parameters['a.weight']!.data[0]).toBe(200);
  });

  it('half-written aside are never loaded, and cleaned up', async () => {
    const folder = temporaryFolder();
    const path = await saveCheckpoint(folder, checkpoint(1));
    const aside = join(folder, '.tmp-save-abc123');
    mkdirSync(aside);
    writeFileSync(join(aside, 'state.json'), readFileSync(join(path, 'state.json')));
    expect((await latestCheckpoint(folder))?.path).toBe(path);
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual(['step-00000001']);
  });

  it.each(['model.safetensors', 'optimizer.safetensors', 'state.json'])(
    'with %s missing or cut off are refused, and passed over with the reason',
    async (name) => {
      const folder = temporaryFolder();
      const older = await saveCheckpoint(folder, checkpoint(1));
      const newer = await saveCheckpoint(folder, checkpoint(2));
      const file = join(newer, name);
      const whole = readFileSync(file);
      for (const bytes of [undefined, whole.subarray(0, 0), whole.subarray(0, whole.length - 9)]) {
        rmSync(file, { force: true });
        if (bytes) writeFileSync(file, bytes);
        await expect(loadCheckpoint(newer)).rejects.toMatchObject({
          code: expect.stringMatching(/train\/bad-checkpoint|config\/invalid/),
        });
        const latest = await latestCheckpoint(folder);
        expect(latest?.path).toBe(older);
        expect(latest?.skipped).toEqual([{ path: newer, reason: expect.any(String) }]);
      }
    },
  );

  it('notice every flipped byte of the weights', async () => {
    const folder = temporaryFolder();
    const path = await saveCheckpoint(folder, checkpoint(1));
    const file = join(path, 'model.safetensors');
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at++) {
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= 4;
      writeFileSync(file, bytes);
      await expect(loadCheckpoint(path), `byte ${at}`).rejects.toMatchObject({
        code: 'train/bad-checkpoint',
      });
    }
    await expect(latestCheckpoint(folder)).rejects.toMatchObject({ code: 'train/bad-checkpoint' });
  });

  it('never mix the files of two saves', async () => {
    const folder = temporaryFolder();
    const one = await saveCheckpoint(folder, checkpoint(1, 10));
    const two = await saveCheckpoint(folder, checkpoint(2, 20));
    renameSync(join(one, 'model.safetensors'), join(two, 'model.safetensors'));
    await expect(loadCheckpoint(two)).rejects.toMatchObject({ code: 'train/bad-checkpoint' });
  });

  it('notice every flipped bit of what they say', async () => {
    const path = await saveCheckpoint(temporaryFolder(), checkpoint(1));
    const file = join(path, 'state.json');
    const whole = readFileSync(file);
    const saved = await loadCheckpoint(path);
    for (let at = 0; at < whole.length; at++) {
      const bytes = Uint8Array.from(whole);
      bytes[at]! ^= 1;
      writeFileSync(file, bytes);
      // A flip between the values, such as of a space to the end of a line, changes nothing that is said.
      const loaded = await loadCheckpoint(path).catch((error: { code: string }) => error.code);
      expect([saved, 'train/bad-checkpoint', 'config/invalid'], `byte ${at}`).toContainEqual(loaded);
    }
  });

  it('copied without their marker, or under the name of another step, are passed over', async () => {
    const folder = temporaryFolder();
    const path = await saveCheckpoint(folder, checkpoint(4));
    cpSync(path, join(folder, 'step-00000005'), { recursive: true });
    cpSync(path, join(folder, 'step-00000006'), { recursive: true });
    rmSync(join(folder, 'step-00000006', 'state.json'));
    cpSync(path, join(folder, 'step-4 (copy)'), { recursive: true });
    const latest = await latestCheckpoint(folder);
    expect(latest?.path).toBe(path);
    expect(latest?.skipped).toEqual([
      { path: join(folder, 'step-00000006'), reason: expect.stringMatching(/state\.json cannot be read/) },
      { path: join(folder, 'step-00000005'), reason: expect.stringMatching(/checkpoint of step 4/) },
    ]);
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toHaveLength(4);
    expect(await loadCheckpoint(join(folder, 'step-4 (copy)'))).toEqual(checkpoint(4));
  });

  it('are newest by step although the clock went backwards', async () => {
    const folder = temporaryFolder();
    for (const step of [1, 2, 3]) {
      const path = await saveCheckpoint(folder, checkpoint(step));
      const time = new Date(Date.UTC(2020, 0, 10 - step));
      for (const name of [...readdirSync(path), '.']) utimesSync(join(path, name), time, time);
    }
    expect((await latestCheckpoint(folder))?.checkpoint.step).toBe(3);
    await retainCheckpoints(folder, { step: 3, newest: 1 });
    expect(await checkpointSteps(folder)).toEqual([3]);
  });

  it('with NaN are not written', async () => {
    const folder = temporaryFolder();
    await saveCheckpoint(folder, checkpoint(1));
    await expect(saveCheckpoint(folder, checkpoint(2, Number.NaN))).rejects.toMatchObject({
      code: 'train/diverged',
      message: expect.stringMatching(/a\.weight.*step 2/),
    });
    expect(readdirSync(folder)).toEqual(['step-00000001']);
  });

  it('that cannot be written throw', async () => {
    const blocked = join(temporaryFolder(), 'checkpoints');
    writeFileSync(blocked, 'a file where the folder should be');
    await expect(saveCheckpoint(blocked, checkpoint(1))).rejects.toMatchObject({
      code: 'train/checkpoint-not-saved',
    });
  });

  it('are kept when newest or best', async () => {
    const folder = temporaryFolder();
    for (const step of [1, 2, 3, 4, 5]) await saveCheckpoint(folder, checkpoint(step));
    await retainCheckpoints(folder, { step: 5, newest: 2, best: 2 });
    expect(readdirSync(folder).sort()).toEqual(['step-00000002', 'step-00000004', 'step-00000005']);
    await retainCheckpoints(folder, { step: 5, newest: 0 });
    expect(await checkpointSteps(folder)).toEqual([5]);
  });

  it('are kept after a save although a newer, damaged one was passed over', async () => {
    const folder = temporaryFolder();
    for (const step of [1, 2, 9]) await saveCheckpoint(folder, checkpoint(step));
    await retainCheckpoints(folder, { step: 2, newest: 1 });
    expect(await checkpointSteps(folder)).toEqual([2, 9]);
  });

  it.each(['state.json', 'model.safetensors', 'optimizer.safetensors'])(
    'are kept in place of newer ones whose %s is damaged, however many there are',
    async (name) => {
      const folder = temporaryFolder();
      for (const step of [1, 2, 3, 4, 5, 6]) await saveCheckpoint(folder, checkpoint(step));
      for (const step of [3, 4, 5, 6]) truncateSync(join(checkpointPath(folder, step), name), 40);
      await retainCheckpoints(folder, { step: 6, newest: 1 });
      expect(await latestCheckpoint(folder)).toMatchObject({ checkpoint: checkpoint(2) });
      await saveCheckpoint(folder, checkpoint(7));
      await retainCheckpoints(folder, { step: 7, newest: 2 });
      // The damaged ones between stay until they are older than as many whole ones as are kept.
      expect(await checkpointSteps(folder)).toEqual([2, 3, 4, 5, 6, 7]);
      await saveCheckpoint(folder, checkpoint(8));
      await retainCheckpoints(folder, { step: 8, newest: 2 });
      expect(await checkpointSteps(folder)).toEqual([7, 8]);
    },
  );
});

describe('checkpoints that an interruption left', () => {
  it('take the place of no other when old ones are removed', async () => {
    const folder = temporaryFolder();
    const unplanned = (step: number) => ({
      ...checkpoint(step),
      facts: { ...checkpoint(step).facts, unplanned: true as const },
    });
    await saveCheckpoint(folder, checkpoint(2));
    await saveCheckpoint(folder, checkpoint(4));
    await saveCheckpoint(folder, unplanned(7));
    await saveCheckpoint(folder, checkpoint(8));
    await retainCheckpoints(folder, { step: 8, newest: 2 });
    expect(await checkpointSteps(folder)).toEqual([4, 7, 8]);
  });
});

describe('a checkpoint whose replacement is damaged', () => {
  it('gets its name back', async () => {
    const folder = temporaryFolder();
    const path = await saveCheckpoint(folder, checkpoint(8));
    cpSync(path, `${path}.replaced`, { recursive: true });
    truncateSync(join(path, 'model.safetensors'), 10);
    await removeLeftovers(folder);
    expect(readdirSync(folder)).toEqual(['step-00000008']);
    expect((await latestCheckpoint(folder))?.checkpoint.step).toBe(8);
  });
});

describe('what was forced', () => {
  const forced = (fromStep: number) => ({ fromStep, differences: [`seed: was ${fromStep}, now 0`] });
  const factsWith = (list?: readonly ReturnType<typeof forced>[]) => ({
    ...checkpoint(8).facts,
    ...(list && { forced: [...list] }),
  });

  it('stays with the run when it goes back to before it, from the first step that is computed again', () => {
    expect(historyFacts(factsWith(), [forced(10)], 9).forced).toEqual([{ ...forced(10), fromStep: 9 }]);
    expect(historyFacts(factsWith(), [forced(3), forced(10)], 5).forced).toEqual([
      forced(3),
      { ...forced(10), fromStep: 5 },
    ]);
  });

  it('is said once where the checkpoint says it already', () => {
    expect(historyFacts(factsWith([forced(3)]), [forced(3)], 9).forced).toEqual([forced(3)]);
    expect(historyFacts(factsWith([forced(3)]), [forced(3), forced(9)], 9).forced).toEqual([
      forced(3),
      forced(9),
    ]);
    expect(historyFacts(factsWith(), [], 9)).toEqual({});
  });
});

it('a checkpoint without a hash of what it says, as the first releases wrote it, loads', async () => {
  const folder = temporaryFolder();
  const path = await saveCheckpoint(folder, checkpoint(8));
  const file = join(path, 'state.json');
  const state = JSON.parse(readFileSync(file, 'utf8')) as { sha256: Record<string, string> };
  const { facts: _facts, ...sha256 } = state.sha256;
  writeFileSync(file, JSON.stringify({ ...state, sha256 }));
  expect((await loadCheckpoint(path)).step).toBe(8);
});
