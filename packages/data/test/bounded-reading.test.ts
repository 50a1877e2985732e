import {
  readArffStream,
  readCsvStream,
  readLabelledCsvStream,
  readTsfStream,
  readTsStream,
  readUcrStream,
} from '@patchbert/data';
import { describe, expect, test } from 'vitest';

const bytes = (text: string) => new TextEncoder().encode(text);
const MEBIBYTE = 2 ** 20;

type Read = (chunks: Iterable<Uint8Array>, name: string) => Promise<unknown>;

/** A head, then the same bytes for as long as someone asks, up to 1 GiB; counts what was asked for. */
function endless(head: string, repeated: string) {
  const block = bytes(repeated.repeat(Math.ceil(MEBIBYTE / repeated.length)));
  const given = { mebibytes: 0 };
  function* chunks() {
    yield bytes(head);
    for (; given.mebibytes < 1024; given.mebibytes++) yield block;
  }
  return { chunks: chunks(), given };
}

const header = '@classLabel true a\n@data\n';

describe('a line without end is refused after a bounded number of bytes', () => {
  test.each<[string, Read, string, string, number]>([
    ['an open quote', readCsvStream, 'a,b\n1,"', '1', 32],
    ['delimiters alone, which are no characters of values', readCsvStream, 'a,b\n1', ',', 32],
    ['a header of delimiters', readCsvStream, '', ',', 32],
    ['a labelled table', readLabelledCsvStream, 'id,x,label\n', ',', 32],
    ['UCR, tabs', readUcrStream, '1\t', '2\t', 80],
    ['UCR, blanks', readUcrStream, '1 ', '2 ', 80],
    ['.ts, values', readTsStream, header, '1,', 80],
    ['.ts, channels', readTsStream, header, ':', 80],
    ['.ts, a header', readTsStream, '@classLabel true ', 'a ', 80],
    ['.arff, values', readArffStream, '@attribute a numeric\n@attribute c {a}\n@data\n', '1,', 80],
    ['.arff, classes', readArffStream, '@attribute c {', 'a,', 80],
    ['.tsf, values', readTsfStream, '@data\n', '1,', 80],
    ['.tsf, attributes', readTsfStream, '@data\n', ':', 80],
    ['.tsf, a header', readTsfStream, '@attribute ', 'a', 80],
  ])('%s', async (_, read, head, repeated, mebibytes) => {
    const { chunks, given } = endless(head, repeated);
    const error = await read(chunks, 'demo').then(
      () => new Error('was read'),
      (reason: Error) => reason,
    );
    expect(error.message).toMatch(/is longer than (16|64) MiB/);
    expect(error).toMatchObject({ code: expect.stringMatching(/^data\/bad-/) });
    expect(given.mebibytes).toBeLessThan(mebibytes);
  });
});

describe('short files cannot ask for much', () => {
  const refused = async (read: Read, text: string, message: string) =>
    expect(read([bytes(text)], 'demo')).rejects.toMatchObject({
      code: 'data/too-large',
      message: expect.stringContaining(message),
    });

  test('channels', async () => {
    await refused(readTsStream, `${header}${'1:'.repeat(70_000)}a\n`, 'more than 65,536 channels');
    const stamped = '@timeStamps true\n@classLabel true a\n@data\n';
    await refused(readTsStream, `${stamped}${':'.repeat(70_000)}a\n`, 'more than 65,536 channels');
    const relation = '@attribute r relational\n@attribute t numeric\n@end r\n@attribute c {a}\n@data\n';
    await refused(readArffStream, `${relation}'${'1\\n'.repeat(70_000)}',a\n`, 'more than 65,536 channels');
  });

  test('classes, and words of a header', async () => {
    await refused(readArffStream, `@attribute c {${'a,'.repeat(70_000)}b}\n`, 'more than 65,536 classes');
    const long = 'a'.repeat(MEBIBYTE);
    await refused(readTsStream, `@problemName ${long}\n`, 'line 1: is longer than 1 MiB');
    await refused(readArffStream, `@relation ${long}\n`, 'line 1: is longer than 1 MiB');
    await refused(readTsfStream, `@relation ${long}\n`, 'line 1: is longer than 1 MiB');
  });

  test('points: short channels are filled up to the longest', async () => {
    const line = `${'1,'.repeat(4999)}1${':1'.repeat(60_000)}:a\n`;
    await refused(readTsStream, `${header}${line}`, 'brings the file to more than 268,435,456 values');
  });
});

describe('reading keeps numbers, not text', () => {
  /** A table that is made while it is read. */
  function* rows(count: number, counter: { ahead: number }) {
    yield bytes('a,b\n');
    const block = bytes('1.25,2.5\n'.repeat(1000));
    for (let row = 0; row < count; row += 1000) {
      counter.ahead += block.length;
      yield block;
    }
  }

  test('a table is asked for piece by piece, and 3 MB of text become the values they are', async () => {
    const counter = { ahead: 0 };
    const { length, columns } = await readCsvStream(rows(330_000, counter), 'load.csv');
    expect(counter.ahead).toBeGreaterThan(2.9e6);
    expect(length).toBe(330_000);
    // An array of exactly its values, not one with room to grow.
    expect(columns.map(({ buffer }) => buffer.byteLength)).toEqual([1_320_000, 1_320_000]);
  });

  test('what is wrong in the first rows ends the reading there', async () => {
    const counter = { ahead: 0 };
    function* spoilt() {
      yield bytes('a,b\nx,1\n');
      yield* rows(100_000_000, counter);
    }
    await expect(readCsvStream(spoilt(), 'load.csv')).rejects.toThrow('line 2, column "a": "x"');
    expect(counter.ahead).toBeLessThan(MEBIBYTE);
  });
});

describe('line ends', () => {
  test.each<[string, Read, string]>([
    ['UCR, tabs', readUcrStream, '1\t2\t3\n2\t4\t5\n'],
    ['UCR, blanks', readUcrStream, '1 2 3\n2 4 5\n'],
    ['.ts', readTsStream, '@classLabel true a b\n@data\n1,2:a\n3,4:b\n'],
    [
      '.arff',
      readArffStream,
      '@attribute t numeric\n@attribute u numeric\n@attribute c {a,b}\n@data\n1,2,a\n3,4,b\n',
    ],
    ['.tsf', readTsfStream, '@attribute n string\n@data\na:1,2\nb:3,4\n'],
    ['CSV', readCsvStream, 'a,b\n1,2\n3,4\n'],
  ])(
    '%s: LF, CRLF, CR, blank lines and no last end mean the same, however the bytes come',
    async (_, read, text) => {
      const expected = await read([bytes(text)], 'demo');
      const values = (set: unknown) =>
        JSON.stringify(set, (key, value) =>
          key === 'lines' ? undefined : ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value,
        );
      for (const end of ['\n', '\r\n', '\r', '\r\r', '\n\r']) {
        for (const size of [1, 3, 1000]) {
          const file = bytes(`\ufeff${text.trimEnd().replaceAll('\n', end)}`);
          const pieces = Array.from({ length: Math.ceil(file.length / size) }, (_, i) =>
            file.subarray(i * size, (i + 1) * size),
          );
          expect(values(await read(pieces, 'demo')), JSON.stringify([end, size])).toBe(values(expected));
        }
      }
    },
  );

  test('lines are counted by each kind of end', async () => {
    for (const end of ['\n', '\r\n', '\r']) {
      await expect(readUcrStream([bytes(['1,2,3', '1,2,3', '1,x,3'].join(end))], 'demo')).rejects.toThrow(
        'line 3: value 1, "x"',
      );
    }
  });
});
