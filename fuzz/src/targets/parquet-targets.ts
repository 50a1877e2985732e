import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Frame, type Panel, readLongParquet, readParquet } from '@patchbert/data';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { FuzzTarget } from '../fuzz-target.ts';
import { checkFrame, checkPanel } from './check-table.ts';

const columns: Parameters<typeof parquetWriteBuffer>[0]['columnData'] = [
  { name: 'id', data: ['a', 'a', 'b', 'b', 'b'], type: 'STRING' },
  {
    name: 'when',
    data: [0, 1, 2, 3, 4].map((hour) => new Date(Date.UTC(2024, 0, 1, hour))),
    type: 'TIMESTAMP',
  },
  { name: 'x', data: [1.5, null, 2, 2, 2], type: 'DOUBLE' },
  { name: 'n', data: [1n, 2n, null, 4n, 5n], type: 'INT64' },
  { name: 'flag', data: [true, false, null, true, true], type: 'BOOLEAN' },
];

function written(codec: 'UNCOMPRESSED' | 'SNAPPY', names: readonly string[]): Uint8Array {
  const columnData = columns.filter(({ name }) => names.includes(name));
  return new Uint8Array(parquetWriteBuffer({ columnData, codec, rowGroupSize: 3 }));
}

const words = [
  'PAR1',
  'PARE',
  '\x15\x00',
  '\x15\x02',
  '\x80\x80\x80\x80\x08',
  '\x19\x1c',
  '\xff\xff\xff\x7f',
];

async function fromFile<T>(bytes: Uint8Array, read: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'patchbert-fuzz-'));
  try {
    const path = join(folder, 'demo.parquet');
    await writeFile(path, bytes);
    return await read(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const parquet: FuzzTarget = {
  name: 'parquet',
  seeds: [written('UNCOMPRESSED', ['x', 'n', 'flag', 'when']), written('SNAPPY', ['x', 'when'])],
  words,
  read: (bytes) => fromFile(bytes, (path) => readParquet(path)),
  check: (value, bytes) => checkFrame(value as Frame, bytes),
};

export const longParquet: FuzzTarget = {
  name: 'long parquet',
  seeds: [written('UNCOMPRESSED', ['id', 'when', 'x']), written('SNAPPY', ['id', 'n'])],
  words,
  read: (bytes) => fromFile(bytes, (path) => readLongParquet(path)),
  check: (value, bytes) => checkPanel(value as Panel, bytes),
};
