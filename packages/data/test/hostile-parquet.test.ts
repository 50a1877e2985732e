import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Panel, readLongParquet, readParquet } from '@patchbert/data';
import { ByteWriter, ParquetWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { arrowFiles } from './support/arrow-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchbert-parquet-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function store(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'load.parquet');
  await writeFile(path, bytes);
  return path;
}

const arrowCases = Object.entries(arrowFiles).map(
  ([name, text]) => [name, new Uint8Array(Buffer.from(text, 'base64'))] as const,
);

describe('files of another writer, in pages of both versions', () => {
  test.each(arrowCases)('%s', async (_, file) => {
    const { frame, segments } = await readLongParquet(await store(file), { idColumn: 'id' });
    expect(segments.map(({ id, end }) => [id, end])).toEqual([
      ['store 0', 20],
      ['store 1', 40],
    ]);
    expect(frame.channels).toEqual(['x', 'k', 'f']);
    const rows = Array.from({ length: 40 }, (_, i) => [
      i % 7 === 0 ? Number.NaN : i % 5,
      i % 11 === 0 ? Number.NaN : i * 3 - 7,
      i % 5 === 0 ? Number.NaN : Number(i % 3 === 0),
    ]);
    frame.columns.forEach((column, c) => {
      expect([...column]).toEqual(rows.map((row) => row[c]));
    });
  });
});

describe('damage inside a sound file', () => {
  /** What a decoder takes for billions of repeats, of packed values, of parts, or for a number without end. */
  const claims = [
    [0xfe, 0xff, 0xff, 0xff, 0x0f],
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0x80, 0x80, 0x80, 0x80, 0x04],
    [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    [0, 0, 0, 0, 0],
  ];

  test.each(arrowCases)('%s: a huge claim in any place gives the same rows or one line', async (_, file) => {
    for (let place = 4; place < file.length - 4; place += 2) {
      for (const claim of [claims[(place / 2) % claims.length]!]) {
        const changed = file.slice();
        changed.set(claim.slice(0, file.length - place), place);
        const result = await readLongParquet(await store(changed), { idColumn: 'id' }).catch(
          (error: Error & { code?: string }) => error,
        );
        if (result instanceof Error) {
          expect(result).toMatchObject({ name: 'PatchBertError' });
          expect(result.message).not.toContain('\n');
        } else expect((result as Panel).frame.length).toBe(40);
      }
    }
  });
});

describe('a page that unpacks to more than it says', () => {
  const data = Array.from({ length: 500 }, (_, row) => row);

  function packed(codec: 'GZIP' | 'ZSTD', pack: (page: Uint8Array) => Uint8Array): Uint8Array {
    const columnData = [{ name: 'x', data, type: 'DOUBLE' as const, encoding: 'PLAIN' as const }];
    return new Uint8Array(parquetWriteBuffer({ columnData, codec, compressors: { [codec]: pack } }));
  }

  /** A frame of zstd whose blocks repeat one byte: 4 bytes for 128 KiB. */
  function repeatedZstd(blocks: number): Uint8Array {
    const block = (isLast: boolean) => {
      const head = (131_072 << 3) | (1 << 1) | Number(isLast);
      return [head & 0xff, (head >> 8) & 0xff, head >> 16, 0];
    };
    const frame = [0x28, 0xb5, 0x2f, 0xfd, 0, 0x70];
    return Uint8Array.from([
      ...frame,
      ...Array.from({ length: blocks }, (_, index) => block(index === blocks - 1)).flat(),
    ]);
  }

  test.each([
    ['gzip', packed('GZIP', () => gzipSync(new Uint8Array(64 * 1024 * 1024)))],
    // 400 bytes for 12.5 MiB; the page says 4,000 bytes.
    ['zstd', packed('ZSTD', () => repeatedZstd(100))],
  ])('%s is refused before it is decoded', async (_, file) => {
    const run = readParquet(await store(file));
    await expect(run).rejects.toMatchObject({ code: 'data/bad-parquet' });
  });

  test('gzip as it should be is read', async () => {
    const { columns } = await readParquet(await store(packed('GZIP', (page) => gzipSync(page))));
    expect([...columns[0]!]).toEqual(data);
  });
});

describe('claims of the footer', () => {
  /** A sound file, but for the number of rows that its footer states. */
  function withRows(rows: bigint, groupRows = rows): Uint8Array {
    const bytes = new ByteWriter();
    const writer = new ParquetWriter({
      writer: bytes,
      schema: [
        { name: 'root', num_children: 1 },
        { name: 'x', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      ],
    });
    writer.write({ columnData: [{ name: 'x', data: [1, null, 3] }] });
    writer.num_rows = rows;
    for (const group of writer.row_groups) group.num_rows = groupRows;
    writer.finish();
    return new Uint8Array(bytes.getBuffer());
  }

  test.each<[string, bigint, bigint, string, string]>([
    [
      'more rows than a frame may have',
      2n ** 40n,
      2n ** 40n,
      'data/too-large',
      'a table may have 536,870,912',
    ],
    ['a group of too many rows', 2n ** 28n, 2n ** 28n, 'data/too-large', 'up to 67,108,864 are read at once'],
    ['more rows than its pages hold', 1000n, 1000n, 'data/bad-parquet', 'cannot be read'],
    ['other rows than its groups', 5n, 3n, 'data/bad-parquet', '3 rows in its row groups, 5 in its footer'],
    ['rows below 0', -3n, -3n, 'data/bad-parquet', '-3 rows'],
  ])('%s', async (_, rows, groupRows, code, message) => {
    await expect(readParquet(await store(withRows(rows, groupRows)))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  test('a size beyond the file, and numbers or lists without end', async () => {
    const whole = withRows(3n);
    expect((await readParquet(await store(whole))).length).toBe(3);
    const size = new DataView(whole.buffer).getUint32(whole.length - 8, true);
    const changed = (put: readonly number[], place: number) => {
      const bytes = whole.slice();
      bytes.set(put, place);
      return bytes;
    };
    for (const file of [
      changed([0xff, 0xff, 0xff, 0x7f], whole.length - 8),
      // A field of 64 bits whose bytes all say that more follow.
      changed([0x16, ...new Array(size - 8).fill(0x80)], whole.length - 8 - size),
      // A list of 2^31 parts.
      changed([0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07], whole.length - 8 - size),
      // Structures in structures.
      changed(new Array(size).fill(0x1c), whole.length - 8 - size),
    ]) {
      await expect(readParquet(await store(file))).rejects.toMatchObject({ code: 'data/bad-parquet' });
    }
  });

  test('an id that is longer than any name', async () => {
    const columnData = [
      { name: 'id', data: ['a', 'b'.repeat(5000)], type: 'STRING' as const },
      { name: 'x', data: [1, 2], type: 'DOUBLE' as const },
    ];
    const path = await store(new Uint8Array(parquetWriteBuffer({ columnData })));
    await expect(readLongParquet(path)).rejects.toMatchObject({
      code: 'data/bad-id',
      message: expect.stringContaining('column "id" row 1 is "bbb'),
    });
  });
});
