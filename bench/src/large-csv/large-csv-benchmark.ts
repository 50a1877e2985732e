import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCsv } from '@patchbert/data';
import { runProcess } from '../run-process.ts';
import { formatTable } from '../table.ts';
import { writeLargeCsv } from './write-large-csv.ts';

export interface LargeCsvOptions {
  readonly megabytes: number;
  readonly rows?: number;
  readonly channels: number;
  readonly times: boolean;
  /** Of JavaScript objects in the reading process; the values of a frame lie outside. */
  readonly heap: number;
}

/** What the reading process says of itself. */
interface Reading {
  readonly rows: number;
  /** Values and times of the frame. */
  readonly keptMegabytes: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

const MEGABYTE = 1e6;

/** Node itself, the parser and its buffers. */
const BASE_MEGABYTES = 200;

/** A column is copied once when its length is known; what is let go of is not returned before memory is short. */
const KEPT_FACTOR = 2;

/** Writes a large CSV file, reads it in a process of its own and demands that memory follows what is kept, not the text. */
export async function largeCsvBenchmark(options: LargeCsvOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbert-large-csv-'));
  try {
    const path = join(folder, 'large.csv');
    const { rows, bytes } = await writeLargeCsv(path, {
      bytes: options.rows === undefined ? options.megabytes * MEGABYTE : Number.POSITIVE_INFINITY,
      rows: options.rows ?? Number.POSITIVE_INFINITY,
      channels: options.channels,
      times: options.times,
    });
    const main = fileURLToPath(new URL('../main.js', import.meta.url));
    const result = await runProcess([
      process.execPath,
      `--max-old-space-size=${options.heap}`,
      main,
      'read-large-csv',
      path,
    ]);
    if ('reason' in result) throw new Error(`reading failed: ${result.reason}`);
    const read = JSON.parse(result.lastLine) as Reading;
    const cap = BASE_MEGABYTES + KEPT_FACTOR * read.keptMegabytes;
    console.log(
      formatTable(
        ['file MB', 'rows', 'channels', 'heap limit MB', 'seconds', 'kept MB', 'peak MB', 'cap MB'],
        [
          [
            (bytes / MEGABYTE).toFixed(0),
            String(rows),
            String(options.channels),
            String(options.heap),
            read.seconds.toFixed(1),
            read.keptMegabytes.toFixed(0),
            read.peakMegabytes.toFixed(0),
            cap.toFixed(0),
          ],
        ],
      ),
    );
    if (read.rows !== rows) throw new Error(`${rows} rows were written, ${read.rows} were read`);
    if (read.peakMegabytes > cap) throw new Error('reading took more memory than the cap');
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Reads the file in this process and prints what it took as the last line. */
export async function readLargeCsv(path: string): Promise<void> {
  const start = performance.now();
  const { length, channels, times } = await readCsv(path);
  const reading: Reading = {
    rows: length,
    keptMegabytes: (length * (4 * channels.length + (times === undefined ? 0 : 8))) / MEGABYTE,
    seconds: (performance.now() - start) / 1000,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / MEGABYTE,
  };
  console.log(JSON.stringify(reading));
}
