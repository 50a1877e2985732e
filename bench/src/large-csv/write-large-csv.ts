import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What is written: rows until either is reached. */
export interface LargeCsvShape {
  readonly bytes: number;
  readonly rows: number;
  readonly channels: number;
  /** Whether a column of time stamps comes first. */
  readonly times: boolean;
}

/** Rows that are made at once. */
const BLOCK_ROWS = 4096;

/** Writes a CSV file of waves, one row per second; returns its rows and bytes. */
export async function writeLargeCsv(
  path: string,
  shape: LargeCsvShape,
): Promise<{ readonly rows: number; readonly bytes: number }> {
  const written = { rows: 0, bytes: 0 };
  await pipeline(Readable.from(blocks(shape, written)), createWriteStream(path));
  return written;
}

function* blocks(
  { bytes, rows, channels, times }: LargeCsvShape,
  written: { rows: number; bytes: number },
): Generator<Buffer> {
  // Values repeat from block to block: what is measured is reading, not the making of sines.
  const values = Array.from({ length: BLOCK_ROWS }, (_, row) =>
    Array.from({ length: channels }, (_, c) => (10 * Math.sin((row * (c + 1)) / 99)).toFixed(4)).join(','),
  );
  const names = Array.from({ length: channels }, (_, c) => `x${c + 1}`);
  const give = (text: string): Buffer => {
    const block = Buffer.from(text);
    written.bytes += block.length;
    return block;
  };
  yield give(`${[...(times ? ['date'] : []), ...names].join(',')}\n`);
  while (written.rows < rows && written.bytes < bytes) {
    const lines: string[] = [];
    for (const value of values) {
      if (written.rows === rows) break;
      lines.push(times ? `${new Date(written.rows * 1000).toISOString()},${value}\n` : `${value}\n`);
      written.rows++;
    }
    yield give(lines.join(''));
  }
}
