import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFrame } from '@patchbert/data';
import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  loadCheckpoint,
  type PretrainEvent,
  type PretrainReceipt,
  saveCheckpoint,
} from '../src/index.ts';
import { readJsonFile, temporaryFolder, tinyConfig, tinyRun, waves } from './support/tiny-run.ts';

/** A run interrupted after two steps, whose checkpoint says something else. */
async function runSaying(change: (facts: Checkpoint['facts']) => object): Promise<string> {
  const { runFolder, checkpoint } = await tinyRun({ stopAfter: 2 });
  const saved = await loadCheckpoint(checkpoint);
  const facts = { ...saved.facts, ...change(saved.facts) };
  await saveCheckpoint(join(runFolder, 'checkpoints'), { ...saved, facts });
  return runFolder;
}

const mismatch = (message: RegExp) => ({
  code: 'train/resume-mismatch',
  message: expect.stringMatching(message),
});

describe('resume is refused', () => {
  it('by another version of PatchBERT, naming both', async () => {
    const runFolder = await runSaying(() => ({ patchbert: '0.0.1-other' }));
    await expect(tinyRun({ runFolder, resume: true })).rejects.toMatchObject(
      mismatch(/PatchBERT: 0\.0\.1-other in the run, [\d.]+ now.*--force/),
    );
  });

  it('where config.json was edited: the checkpoint knows what its steps were computed with', async () => {
    const { runFolder } = await tinyRun({ stopAfter: 2 });
    const path = join(runFolder, 'config.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"seed": 0', '"seed": 1'));
    await expect(tinyRun({ runFolder, resume: true })).rejects.toMatchObject(
      mismatch(/seed: 0 in the run, 1 now/),
    );
  });

  it('where the checkpoint does not say what its randomness was drawn from', async () => {
    const runFolder = await runSaying(({ config: { seed: _lost, ...config } }) => ({
      config: { ...config, seed: null },
    }));
    await expect(tinyRun({ runFolder, resume: true })).rejects.toMatchObject(
      mismatch(/seed: null in the run, 0 now/),
    );
  });

  it('where state.json is missing or not JSON in the only checkpoint', async () => {
    for (const text of ['', '{"format":', '{}']) {
      const { runFolder, checkpoint } = await tinyRun({ stopAfter: 1 });
      writeFileSync(join(checkpoint, 'state.json'), text);
      await expect(tinyRun({ runFolder, resume: true })).rejects.toMatchObject({
        code: 'train/bad-checkpoint',
      });
    }
  });

  it('with another split of the same rows, and with other data, naming the file', async () => {
    const files = [{ path: 'waves.csv', sha256: 'a'.repeat(64) }];
    const { runFolder } = await tinyRun({ stopAfter: 2, data: { frame: waves(), files } });
    const split = {
      train: { start: 0, end: 150 },
      validation: { start: 150, end: 190 },
      test: { start: 190, end: 240 },
    };
    await expect(
      tinyRun({ runFolder, resume: true, data: { frame: waves(), files, split } }),
    ).rejects.toMatchObject(mismatch(/split: \w{12}\.\.\. in the run, \w{12}\.\.\. now/));
    const changed = createFrame({
      ...waves(),
      columns: [waves().columns[0]!.with(3, 21), waves().columns[1]!],
    });
    const data = { frame: changed, files: [{ path: 'waves.csv', sha256: 'b'.repeat(64) }] };
    await expect(tinyRun({ runFolder, resume: true, data })).rejects.toMatchObject(
      mismatch(/file waves\.csv: aaaaaaaaaaaa\.\.\. in the run, bbbbbbbbbbbb\.\.\. now/),
    );
  });
});

describe('force', () => {
  it('goes on with other settings, says so, and so does everything the run leaves', async () => {
    const { runFolder } = await tinyRun({ stopAfter: 2 });
    const config = { ...tinyConfig, learningRate: 0.02 };
    const events: PretrainEvent[] = [];
    await tinyRun({
      runFolder,
      config,
      resume: true,
      force: true,
      stopAfter: 4,
      onEvent: (event) => events.push(event),
    });
    expect(events[0]).toMatchObject({
      type: 'warning',
      message: expect.stringMatching(/forced from step 3 .*learningRate: 0\.01 in the run, 0\.02 now/),
    });
    // From now on these are the settings of the run; what was forced is not forgotten.
    const result = await tinyRun({ runFolder, resume: true });
    expect(readJsonFile(runFolder, 'config.json')).toMatchObject({ learningRate: 0.02 });
    expect(readJsonFile<PretrainReceipt>(runFolder, 'receipt.json')).toMatchObject({
      forced: [{ fromStep: 3, differences: ['learningRate: 0.01 in the run, 0.02 now'] }],
      bitExact: false,
    });
    expect((await loadCheckpoint(result.checkpoint)).facts.forced).toHaveLength(1);
  });

  it('cannot make weights fit another model', async () => {
    const { runFolder } = await tinyRun({ stopAfter: 2 });
    const config = { ...tinyConfig, model: { ...tinyConfig.model, width: 16 } };
    const before = readdirSync(join(runFolder, 'checkpoints'));
    await expect(tinyRun({ runFolder, config, resume: true, force: true })).rejects.toMatchObject({
      code: 'train/bad-checkpoint',
      message: expect.stringContaining('encoder.embedding.weight: [8, 4], expected [16, 4]'),
    });
    expect(readdirSync(join(runFolder, 'checkpoints'))).toEqual(before);
    expect(readJsonFile(runFolder, 'config.json')).toMatchObject({ model: { width: 8 } });
  });

  it('changes nothing where nothing differs', async () => {
    const runFolder = temporaryFolder();
    await tinyRun({ runFolder, config: tinyConfig, stopAfter: 2 });
    await tinyRun({ runFolder, resume: true, force: true });
    expect(readJsonFile<PretrainReceipt>(runFolder, 'receipt.json')).toMatchObject({ bitExact: true });
  });
});
