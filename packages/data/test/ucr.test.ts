import { classesOf, readUcrStream, type UcrReadOptions } from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const N = Number.NaN;
const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options?: UcrReadOptions) => readUcrStream([encode(text)], 'demo.tsv', options);
const values = async (text: string) => (await read(text)).series.map((one) => [...one.values[0]!]);

describe('UCR files', () => {
  test.each([
    ['tabs', '1\t0.5\t-2\n2\t3\t4\n'],
    ['commas', '1,0.5,-2\n2,3,4\n'],
    [
      'blanks, as the first archive has them',
      '  1.0000000e+00   5.0e-01  -2.0e+00\r\n  2.0000000e+00 3 4\r\n',
    ],
    ['no end of the last line, a byte order mark, blank lines', '\ufeff1\t0.5\t-2\n\n2\t3\t4'],
  ])('%s', async (_, text) => {
    const set = await read(text);
    expect(set).toMatchObject({ name: 'demo.tsv', channels: ['value'], labels: ['1', '2'] });
    expect(set.series.map(({ id }) => id)).toEqual(['1', '2']);
    expect(set.series.map((one) => [...one.values[0]!])).toEqual([
      [0.5, -2],
      [3, 4],
    ]);
  });

  test('missing values at the end are padding, others are missing', async () => {
    const text = '1\tNaN\t2\tNaN\t4\tNaN\tNaN\n2\t1\t2\t3\t4\t5\t6\n1\t1\t?\t3\t\t\t\n1\t7\t8\n';
    expect(await values(text)).toEqual([
      [N, 2, N, 4],
      [1, 2, 3, 4, 5, 6],
      [1, N, 3],
      [7, 8],
    ]);
  });

  test('a label is one class however it is written', async () => {
    const labels = ['1', '1.0', '+1', '1e0', '-0', '0', 'a b', '007', '-1.0', '1.50', '12345678901234567890'];
    const text = labels.map((label) => `${label}\t1\t2\n`).join('');
    expect((await read(text)).labels).toEqual([
      '1',
      '1',
      '1',
      '1',
      '0',
      '0',
      'a b',
      '007',
      '-1',
      '1.5',
      '12345678901234567890',
    ]);
  });

  test('labels as numbers to predict, or not at all', async () => {
    const set = await read('1.5\t1\t2\n-3\t3\t4\n', { target: 'value' });
    expect([...set.targets!]).toEqual([1.5, -3]);
    expect(set.labels).toBeUndefined();
    const none = await read('?\t1\t2\n\t3\t4\n', { target: 'none', labelled: true });
    expect(none.labels ?? none.targets).toBeUndefined();
    expect(none.series.map((one) => [...one.values[0]!])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('without labels, every value is a point, and nothing is passed over unsaid', async () => {
    const text = '3\t1\t2\n5\t3\t4\n';
    const points = async (options: UcrReadOptions) =>
      (await read(text, options)).series.map((one) => [...one.values[0]!]);
    const all = [
      [3, 1, 2],
      [5, 3, 4],
    ];
    expect(await points({ labelled: false })).toEqual(all);
    expect(await points({ labelled: false, target: 'none' })).toEqual(all);
    expect(await points({ labelled: true, target: 'none' })).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await expect(read(text, { target: 'none' })).rejects.toMatchObject({
      code: 'data/label-or-point',
      message: expect.stringContaining('line 1: "3" may be a label or the first point'),
    });
    await expect(read(text, { labelled: false, target: 'label' })).rejects.toMatchObject({
      code: 'data/no-labels',
    });
  });

  test('what a set writes is what is read', async () => {
    const value = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(N));
    const one = fc.record({
      label: fc.constantFrom('-1', '2', 'walk', '__proto__', 'constructor'),
      values: fc
        .array(value, { minLength: 2, maxLength: 6 })
        .map((list) => [...list.slice(0, -2), 1, list.at(-1)!])
        .map((list) => (Number.isNaN(list.at(-1)!) ? [...list.slice(0, -1), 2] : list)),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(one, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('\t', ','),
        async (list, mark) => {
          const longest = Math.max(...list.map((each) => each.values.length));
          const rows = list.map((each) => [
            each.label,
            ...each.values.map((x) => (Object.is(x, -0) ? '-0' : x)),
            ...Array.from({ length: longest - each.values.length }, () => N),
          ]);
          const set = await read(rows.map((row) => row.join(mark)).join('\n'));
          expect(set.labels).toEqual(list.map(({ label }) => label));
          expect(set.series.map((each) => each.values[0])).toEqual(
            list.map((each) => Float32Array.from(each.values)),
          );
        },
      ),
      { seed: 9, numRuns: 200 },
    );
    expect(Object.hasOwn(Object.prototype, 'walk')).toBe(false);
  });

  test.each([
    ['an empty file', '', 'data/empty-file', '"demo.tsv" is empty'],
    ['blank lines', '\n \n', 'data/empty-file', 'is empty'],
    ['a header without data', 'label,t0,t1\n', 'data/bad-ucr', 'line 1: is a header'],
    ['a header', 'label,t0,t1\n1,2,3\n', 'data/bad-ucr', 'line 1: is a header'],
    ['a text among values', '1\t2\t3\n1\t2\tx\n', 'data/bad-number', 'line 2: value 2, "x", is not a number'],
    ['an infinite value', '1\t2\tInfinity\n', 'data/bad-number', 'value 2, "Infinity", is infinite'],
    ['a label alone', '1\t2\t3\n2\n', 'data/bad-ucr', 'line 2: "2" is a label without values'],
    ['a label missing', '1\t2\t3\n?\t1\t2\n', 'data/missing-label', 'line 2: has no label'],
    [
      'only missing values',
      '1\t2\t3\n1\tNaN\tNaN\n',
      'data/all-missing-series',
      'line 2: the series has no value',
    ],
    ['a single point', '1\t2\t3\n1\t2\tNaN\n', 'data/short-series', 'line 2: the series has a single point'],
    ['a .ts file', '@problemName x\n', 'data/bad-ucr', 'is this a .ts or an .arff file?'],
    ['a comment', '# x\n1\t2\t3\n', 'data/bad-ucr', 'line 1: "# x" is no series'],
    ['a web page', '<!DOCTYPE html>', 'data/bad-ucr', 'is a web page'],
    ['bytes', '1\t2\0\t3', 'data/bad-ucr', 'zero bytes'],
  ])('%s is refused', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('texts where numbers to predict are expected', async () => {
    await expect(read('1\t2\t3\nwalk\t1\t2\n', { target: 'value' })).rejects.toMatchObject({
      code: 'data/bad-number',
      message: expect.stringContaining('line 2: the target "walk" is not a number'),
    });
    await expect(read('1\t2\t3', { target: 'labels' as never })).rejects.toMatchObject({
      code: 'config/invalid',
    });
  });

  test('a numeric label with decimals is read, and refused as a class with its line', async () => {
    const set = await read('1.25\t1\t2\n2.5\t3\t4\n');
    expect(() => classesOf(set)).toThrow('"demo.tsv" line 1 has the label "1.25"');
  });
});
