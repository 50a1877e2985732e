import { type CsvColumn, formatCsv, readCsvStream } from '@patchbert/data';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

describe('formatCsv', () => {
  test('writes numbers, times and texts', () => {
    const text = formatCsv([
      { name: 'id', texts: ['north', 'say "no", twice', ' padded'] },
      { name: 'time', times: [0, 1500, Date.UTC(2024, 1, 29, 12)] },
      { name: 'load', numbers: Float32Array.of(0.1, Number.NaN, -2.5e-8) },
    ]);
    expect(text).toBe(
      'id,time,load\nnorth,1970-01-01T00:00:00Z,0.1\n"say ""no"", twice",1970-01-01T00:00:01.500Z,\n" padded",2024-02-29T12:00:00Z,-2.5e-8\n',
    );
  });

  test('every 32-bit value reads back as it was', async () => {
    const values = fc.array(fc.float({ noDefaultInfinity: true }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(values, async (list) => {
        const numbers = Float32Array.from([1, ...list]);
        const text = formatCsv([
          { name: 'row', numbers: numbers.map((_, row) => row) },
          { name: 'value', numbers },
        ]);
        const frame = await readCsvStream([new TextEncoder().encode(text)], 'x', { timeColumn: false });
        expect(frame.columns[1]).toEqual(numbers);
      }),
      { seed: 31, numRuns: 100 },
    );
  });

  test('a text that a spreadsheet would take for a formula is written as it is', () => {
    // Names and ids are keys: with a mark before them they would no longer be found.
    const texts = ['=1+1', '@SUM(A1)', '+x', '-x', '=HYPERLINK("http://a","b")'];
    expect(formatCsv([{ name: '=id', texts }])).toBe(
      '=id\n=1+1\n@SUM(A1)\n+x\n-x\n"=HYPERLINK(""http://a"",""b"")"\n',
    );
  });

  test('any text reads back as it was', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '=', '') });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (texts) => {
        const records = parse(formatCsv([{ name: 'a', texts }]), { record_delimiter: '\n' }) as string[][];
        expect(records).toEqual([['a'], ...texts.map((one) => [one])]);
      }),
      { seed: 32, numRuns: 300 },
    );
  });

  test.each<[string, CsvColumn[], string]>([
    ['no column', [], 'there is no column'],
    [
      'different lengths',
      [
        { name: 'a', numbers: [1] },
        { name: 'b', texts: [] },
      ],
      'column "b" has 0 rows, "a" has 1',
    ],
    ['infinity', [{ name: 'a', numbers: [1, Number.POSITIVE_INFINITY] }], 'column "a" row 1 is Infinity'],
    ['no time', [{ name: 't', times: [Number.NaN] }], 'column "t" row 0 is NaN; expected milliseconds'],
  ])('%s is refused', (_, columns, message) => {
    expect(() => formatCsv(columns)).toThrow(message);
  });
});
