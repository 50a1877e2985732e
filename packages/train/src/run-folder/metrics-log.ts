import { type FileHandle, open, readFile } from 'node:fs/promises';
import { PatchBertError } from '@patchbert/errors';
import type { Rollback } from '../checkpoints/run-history.ts';
import { fileNotWritten, replaceFile } from '../files/durable-write.ts';

/** One line of `metrics.jsonl`. */
export type MetricsRecord = TrainingRecord | ValidationRecord | RollbackRecord;

export interface TrainingRecord {
  readonly kind: 'training';
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm?: number;
  /** Training seconds of the process that ran the step. */
  readonly seconds: number;
}

export interface ValidationRecord {
  readonly kind: 'validation';
  readonly step: number;
  readonly maskedError: number;
}

/** Training diverged and went on from an earlier step. */
export interface RollbackRecord extends Rollback {
  readonly kind: 'rollback';
  /** The first step after it: lines of a log never go back. */
  readonly step: number;
}

/**
 * Appends records to `metrics.jsonl`; lines are collected and written together. Whatever writes throws `train/file-not-written`
 * when the system refuses.
 */
export interface MetricsLog {
  append(record: MetricsRecord): Promise<void>;
  /** Writes collected lines and waits until they are on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const LINES_PER_WRITE = 100;

/**
 * Opens the log after `step`: lines of later steps, left by a process that died, are dropped first, and whatever a power cut
 * made of them. Those up to `step` were on the disk before its checkpoint.
 *
 * @throws PatchBertError `train/bad-run-folder` when one of those up to `step` is not JSON.
 */
export async function openMetricsLog(path: string, step: number): Promise<MetricsLog> {
  await replaceFile(
    path,
    recordsUpTo(path, await readRows(path), step)
      .map(line)
      .join(''),
  );
  const refused = (error: unknown): never => {
    throw fileNotWritten('openMetricsLog', path, error);
  };
  const file = await open(path, 'a').catch(refused);
  let waiting = '';
  let lines = 0;
  const write = async (handle: FileHandle) => {
    const text = waiting;
    waiting = '';
    lines = 0;
    if (text !== '') await handle.writeFile(text).catch(refused);
  };
  return {
    async append(record) {
      waiting += line(record);
      lines++;
      if (lines >= LINES_PER_WRITE) await write(file);
    },
    async flush() {
      await write(file);
      await file.sync().catch(refused);
    },
    async close() {
      try {
        await write(file);
      } finally {
        await file.close();
      }
    },
  };
}

/** Records of a run, in order. A last line cut off by a crash is ignored; no file means no records. */
export async function readMetrics(path: string): Promise<MetricsRecord[]> {
  return (await readRows(path)).map((row, index) => parseRecord(path, row, index + 1));
}

/** Complete lines. */
async function readRows(path: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((row) => row !== '');
}

function recordsUpTo(path: string, rows: readonly string[], step: number): MetricsRecord[] {
  const kept: MetricsRecord[] = [];
  for (const [index, row] of rows.entries()) {
    if ((kept.at(-1)?.step ?? 0) === step && !isJson(row)) break;
    const record = parseRecord(path, row, index + 1);
    if (record.step > step) break;
    kept.push(record);
  }
  return kept;
}

function isJson(row: string): boolean {
  try {
    JSON.parse(row);
    return true;
  } catch {
    return false;
  }
}

function parseRecord(path: string, row: string, lineNumber: number): MetricsRecord {
  let record: unknown;
  try {
    record = JSON.parse(row);
  } catch {
    throw badLine(path, lineNumber, 'is not JSON');
  }
  if (!isRecord(record)) throw badLine(path, lineNumber, 'is not a record of a run');
  return record;
}

function isRecord(value: unknown): value is MetricsRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, step } = value as Partial<MetricsRecord>;
  return typeof kind === 'string' && Number.isSafeInteger(step);
}

function badLine(path: string, lineNumber: number, problem: string): PatchBertError {
  return new PatchBertError(
    'train/bad-run-folder',
    `readMetrics: line ${lineNumber} of "${path}" ${problem}; remove it, or restore the file from a copy.`,
  );
}

function line(record: MetricsRecord): string {
  return `${JSON.stringify(record)}\n`;
}
