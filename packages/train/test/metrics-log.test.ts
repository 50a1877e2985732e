import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { atEveryCall } from '../../../tests/support/file-system-faults.ts';
import { type MetricsRecord, openMetricsLog, readMetrics } from '../src/index.ts';
import { temporaryFolder } from './support/tiny-run.ts';

function record(step: number): MetricsRecord {
  return { kind: 'validation', step, maskedError: step / 7 };
}

function records(count: number): MetricsRecord[] {
  return Array.from({ length: count }, (_, i) => record(i + 1));
}

/** A log of so many steps. */
async function logOf(count: number): Promise<string> {
  const path = join(temporaryFolder(), 'metrics.jsonl');
  const log = await openMetricsLog(path, 0);
  for (const one of records(count)) await log.append(one);
  await log.close();
  return path;
}

/** Goes on after a step, as a run that is resumed does. */
async function goOn(path: string, step: number): Promise<MetricsRecord[]> {
  const log = await openMetricsLog(path, step);
  await log.append(record(step + 1));
  await log.close();
  return readMetrics(path);
}

describe('the metrics of a run', () => {
  it('lose no line and double none, wherever it goes on', async () => {
    for (let step = 0; step <= 5; step++) expect(await goOn(await logOf(5), step)).toEqual(records(step + 1));
  });

  it('may hold anything after the step of the checkpoint: what a power cut made of the lines is dropped', async () => {
    for (const rest of [
      '\0\0\0\0',
      '\0\0\0\n{"kind":"val\n',
      '{"kind"',
      `${JSON.stringify(record(5))}\n\0\0\n`,
    ]) {
      const path = await logOf(4);
      appendFileSync(path, rest);
      expect(await goOn(path, 4), JSON.stringify(rest)).toEqual(records(5));
    }
    const nothing = join(temporaryFolder(), 'metrics.jsonl');
    writeFileSync(nothing, '\0\0\0\n');
    expect(await goOn(nothing, 0)).toEqual(records(1));
  });

  it('must be whole up to there', async () => {
    const path = await logOf(4);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, lines.with(1, '\0\0\0').join('\n'));
    await expect(goOn(path, 4)).rejects.toMatchObject({
      code: 'train/bad-run-folder',
      message: expect.stringContaining('line 2'),
    });
  });

  it.each([
    { kind: 'stops' },
    { kind: 'fails', code: 'ENOSPC' },
    { kind: 'fails from then on', code: 'EROFS' },
  ] as const)(
    'keep the lines up to the checkpoint where any call $kind, and what is refused is told',
    async (fault) => {
      await atEveryCall(fault, {
        prepare: () => logOf(4),
        async run(path) {
          const log = await openMetricsLog(path, 3);
          try {
            await log.append(record(4));
            await log.flush();
          } finally {
            await log.close();
          }
        },
        async check(path, { error, stopped }) {
          if (error !== undefined) expect(error).toMatchObject({ code: 'train/file-not-written' });
          else if (!stopped) expect(await readMetrics(path)).toEqual(records(4));
          expect(existsSync(path)).toBe(true);
          expect(await goOn(path, 3)).toEqual(records(4));
        },
      });
    },
  );
});
