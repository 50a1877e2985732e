import { type FileHandle, open, readFile } from 'node:fs/promises';
import { PatchBertError } from '@patchbert/errors';
import type { Rollback } from '../checkpoints/run-history.ts';
import { replaceFile } from '../files/durable-write.ts';

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

/** Appends records to `metrics.jsonl`; lines are collected and written together. */
export interface MetricsLog {
  append(record: MetricsRecord): Promise<void>;
  /** Writes collected lines and waits until they are on the disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const LINES_PER_WRITE = 100;

/** Opens the log after `step`: lines of later steps, left by a process that died, are dropped first. */
export async function openMetricsLog(path: string, step: number): Promise<MetricsLog> {
  const kept = (await readMetrics(path)).filter((record) => record.step <= step);
  await replaceFile(path, kept.map(line).join(''));
  const file = await open(path, 'a');
  let waiting = '';
  let lines = 0;
  const write = async (handle: FileHandle) => {
    const text = waiting;
    waiting = '';
    lines = 0;
    if (text !== '') await handle.writeFile(text);
  };
  return {
    async append(record) {
      waiting += line(record);
      lines++;
      if (lines >= LINES_PER_WRITE) await write(file);
    },
    async flush() {
      await write(file);
      await file.sync();
    },
    async close() {
      await write(file);
      await file.close();
    },
  };
}

/** Records of a run, in order. A last line cut off by a crash is ignored; no file means no records. */
export async function readMetrics(path: string): Promise<MetricsRecord[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete
    .split('\n')
    .filter((row) => row !== '')
    .map((row, index) => parseRecord(path, row, index + 1));
}

function parseRecord(path: string, row: string, lineNumber: number): MetricsRecord {
  try {
    return JSON.parse(row) as MetricsRecord;
  } catch {
    throw new PatchBertError(
      'train/bad-run-folder',
      `readMetrics: line ${lineNumber} of "${path}" is not JSON; remove it, or restore the file from a copy.`,
    );
  }
}

function line(record: MetricsRecord): string {
  return `${JSON.stringify(record)}\n`;
}
