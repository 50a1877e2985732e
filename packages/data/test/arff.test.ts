import { readArffStream, type SeriesReadOptions } from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const N = Number.NaN;
const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options?: SeriesReadOptions) =>
  readArffStream([encode(text)], 'demo.arff', options);
const plain = (set: Awaited<ReturnType<typeof read>>) =>
  set.series.map((one) => one.values.map((channel) => [...channel]));

const relation = (points: number, classes = '{a,b}') =>
  `@relation demo\n@attribute bag relational\n${Array.from({ length: points }, (_, i) => `@attribute t${i} numeric\n`).join('')}@end bag\n@attribute class ${classes}\n@data\n`;
const flat =
  '@relation demo\n@attribute t0 numeric\n@attribute t1 real\n@attribute t2 integer\n@attribute class {a,b}\n@data\n';

describe('.arff files with relations', () => {
  test('channels in quotes, as the UEA archive writes them', async () => {
    const set = await read(
      "% A comment, ü\n@RELATION 'two words'\n\n@ATTRIBUTE 'the bag' RELATIONAL\n@attribute t0 NUMERIC\n@attribute \"t 1\" real\n@attribute t2 integer % last\n" +
        "@END 'the bag'\n@attribute classAttribute {1.0, 'b c', \"it\\'s\"}\n@DATA\n% another\n'1,2,3\\n4, ? ,6',1\n\"-1e-1,0,NaN\\n1,1,1\", 'b c'\r\n'1,2,3\\n1,2,3',\"it\\'s\"",
    );
    expect(set).toMatchObject({
      name: 'two words',
      channels: ['channel 1', 'channel 2'],
      labels: ['1', 'b c', "it's"],
      declaredClasses: ['1', 'b c', "it's"],
      origin: { file: 'demo.arff', lines: [12, 13, 14] },
    });
    expect(plain(set).slice(0, 2)).toEqual([
      [
        [1, 2, 3],
        [4, N, 6],
      ],
      [
        [Math.fround(-0.1), 0, N],
        [1, 1, 1],
      ],
    ]);
  });

  test('padding at the end is cut where every channel has it', async () => {
    const set = await read(`${relation(4)}'1,2,?,?\\n3,?,?,?',a\n'1,?,3,?\\n1,2,?,?',b\n`);
    expect(plain(set)).toEqual([
      [
        [1, 2],
        [3, N],
      ],
      [
        [1, N, 3],
        [1, 2, N],
      ],
    ]);
  });

  test('sparse rows inside and outside', async () => {
    const set = await read(
      `${relation(3)}'{0 1.5, 2 -2}\\n{ }',b\n{0 '1,2,3\\n{1 ?}',1 b}\n{0 '1,2,3\\n1,2,3'}\n`,
    );
    expect(set.labels).toEqual(['b', 'b', 'a']);
    expect(plain(set).slice(0, 2)).toEqual([
      [
        [1.5, 0, -2],
        [0, 0, 0],
      ],
      [
        [1, 2, 3],
        [0, N, 0],
      ],
    ]);
  });

  test('numbers to predict, texts as classes, no answer at all', async () => {
    const set = await read(`${relation(2, 'numeric')}'1,2',0.5\n'3,4',-1\n`);
    expect([...set.targets!]).toEqual([0.5, -1]);
    expect(set.channels).toEqual(['value']);
    expect((await read(`${relation(2, 'string')}'1,2',x\n`)).labels).toEqual(['x']);
    expect((await read(`${relation(2)}'1,2',?\n`, { target: 'none' })).labels).toBeUndefined();
    const none = await read(
      '@attribute bag relational\n@attribute t0 numeric\n@attribute t1 numeric\n@end bag\n@data\n"1,2"\n',
    );
    expect(none.labels ?? none.targets).toBeUndefined();
  });
});

describe('flat .arff files', () => {
  test('attributes are the points of one channel', async () => {
    const set = await read(`${flat}1,2,3,a\n?, 5 ,?,'b'\n{0 7, 2 8, 3 b}\n{2 1}\n`);
    expect(set).toMatchObject({
      channels: ['value'],
      labels: ['a', 'b', 'b', 'a'],
      declaredClasses: ['a', 'b'],
    });
    expect(plain(set)).toEqual([[[1, 2, 3]], [[N, 5]], [[7, 0, 8]], [[0, 0, 1]]]);
  });

  test('a last numeric attribute is a number to predict only by its name', async () => {
    const text = (name: string) =>
      `@attribute t0 numeric\n@attribute t1 numeric\n@attribute ${name} numeric\n@data\n1,2,3\n`;
    const named = await read(text('Target'));
    expect([[...named.targets!], plain(named)]).toEqual([[3], [[[1, 2]]]]);
    expect((await read(text('class'), { target: 'label' })).labels).toEqual(['3']);
    expect(plain(await read(text('t2')))).toEqual([[[1, 2, 3]]]);
    await expect(read(text('t2'), { target: 'label' })).rejects.toMatchObject({
      code: 'data/no-labels',
      message: expect.stringContaining('its last attribute is "t2" (numeric)'),
    });
  });
});

test('what is written is what is read, quotes and backslashes in classes too', async () => {
  const value = fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(N));
  const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const classes = ['a', "it's", 'x,y', 'c:\\d', '__proto__', '{1 2}'];
  const shape = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 2, max: 4 }));
  const sets = shape.chain(([channels, points]) =>
    fc.array(
      fc.record({
        label: fc.constantFrom(...classes),
        values: fc.array(fc.array(value, { minLength: points, maxLength: points }), {
          minLength: channels,
          maxLength: channels,
        }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  );
  await fc.assert(
    fc.asyncProperty(sets, async (drawn) => {
      // A value at the end, so that nothing is padding.
      const list = drawn.map((one) => ({
        ...one,
        values: one.values.map((row) => [...row.slice(0, -1), 1]),
      }));
      const rows = list.map(
        (one) =>
          `'${one.values.map((row) => row.map((x) => (Number.isNaN(x) ? '?' : Object.is(x, -0) ? '-0' : x)).join(',')).join('\\n')}',${quote(one.label)}`,
      );
      const set = await read(
        `${relation(list[0]!.values[0]!.length, `{${classes.map(quote).join(',')}}`)}${rows.join('\n')}`,
      );
      expect(set.labels).toEqual(list.map(({ label }) => label));
      expect(set.series.map((one) => one.values)).toEqual(
        list.map((one) => one.values.map((row) => Float32Array.from(row))),
      );
    }),
    { seed: 10, numRuns: 100 },
  );
});

describe('bad .arff files', () => {
  const bag = '@relation r\n@attribute bag relational\n';
  test.each([
    ['an empty file', '', 'data/empty-file', 'is empty'],
    ['a header without data', relation(2).replace('@data\n', ''), 'data/bad-arff', 'has no line @data'],
    ['no series', relation(2), 'data/empty-file', 'has no series'],
    ['data before the header', "'1,2',a\n", 'data/bad-arff', `line 1: "'1,2',a" stands before @data`],
    [
      'no attributes',
      '@relation r\n@data\n1,2\n',
      'data/bad-arff',
      'line 2: no @attribute stands before @data',
    ],
    ['an unknown declaration', '@atribute x numeric\n', 'data/bad-arff', 'Did you mean "@attribute"?'],
    [
      'an attribute without type',
      '@attribute x\n',
      'data/bad-arff',
      'line 1: "@attribute x" has no name and type',
    ],
    [
      'an attribute of one long word',
      '@attribute numeric\n',
      'data/bad-arff',
      '"@attribute numeric" has no name and type',
    ],
    ['an attribute of unknown type', '@attribute x numerc\n', 'data/bad-arff', 'Did you mean "numeric"?'],
    ['dates', '@attribute x date\n', 'data/bad-arff', 'has the type "date"'],
    ['classes that never end', '@attribute x {a,b\n', 'data/bad-arff', 'the braces are never closed'],
    [
      'a declaration after @data',
      `${flat}1,2,3,a\n@attribute x numeric\n`,
      'data/bad-arff',
      'line 8: "@attribute x numeric" stands after @data',
    ],
    [
      'a relation that is never closed',
      `${bag}@attribute t0 numeric\n@data\n`,
      'data/bad-arff',
      'line 4: @data stands inside the relational attribute "bag" of line 2',
    ],
    [
      'a relation in a relation',
      `${bag}@attribute inner relational\n`,
      'data/bad-arff',
      'line 3: attribute "inner" of type "relational" stands inside',
    ],
    ['a class in a relation', `${bag}@attribute c {a,b}\n`, 'data/bad-arff', 'line 3: attribute "c"'],
    [
      'another name at the end',
      `${bag}@attribute t0 numeric\n@end bug\n`,
      'data/bad-arff',
      'line 4: @end "bug" stands inside the relational attribute "bag"',
    ],
    ['an end of nothing', '@relation r\n@end bag\n', 'data/bad-arff', 'line 2: @end bag closes nothing'],
    [
      'an empty relation',
      `${bag}@end bag\n`,
      'data/bad-arff',
      'line 3: the relational attribute "bag" has no attributes',
    ],
    [
      'two relations',
      `${relation(2).replace('@attribute class {a,b}', '@attribute two relational\n@attribute t numeric\n@end two')}x\n`,
      'data/bad-arff',
      'has 2 relational attributes',
    ],
    [
      'attributes beside a relation',
      `${relation(2).replace('@relation demo', '@attribute other numeric')}x\n`,
      'data/bad-arff',
      'has the attribute "other" (numeric) beside the series',
    ],
    [
      'a text among points',
      '@attribute a numeric\n@attribute b string\n@attribute class {a}\n@data\n',
      'data/bad-arff',
      'has the attribute "b" (string)',
    ],
    ['only a class', '@attribute class {a,b}\n@data\na\n', 'data/bad-arff', 'has no attribute for points'],
    [
      'a quote that never ends',
      `${relation(2)}'1,2,a\n`,
      'data/bad-arff',
      'line 8: field 1 opens a quote that is never closed',
    ],
    [
      'more than a comma behind quotes',
      `${relation(2)}'1,2' a\n`,
      'data/bad-arff',
      'line 8: field 1 has more than a comma behind its quotes',
    ],
    [
      'a relation without quotes',
      `${relation(2)}1,a\n`,
      'data/bad-arff',
      'line 8: field 1, "1", is not the relational "bag"',
    ],
    [
      'a missing relation',
      `${relation(2)}?,a\n`,
      'data/bad-arff',
      'line 8: field 1, "?", is not the relational',
    ],
    [
      'too few points',
      `${relation(3)}'1,2,3\\n1,2',a\n`,
      'data/bad-arff',
      'line 9: channel 2, has 2 fields between commas; the header declares 3',
    ],
    [
      'channels that change',
      `${relation(2)}'1,2\\n1,2',a\n'1,2',b\n`,
      'data/uneven-channels',
      'line 9: has 1 channels, line 8 has 2',
    ],
    [
      'an empty channel',
      `${relation(2)}'1,2\\n\\n1,2',a\n`,
      'data/bad-arff',
      'line 8: channel 2, has 1 field',
    ],
    [
      'a label missing',
      `${relation(2)}'1,2'\n`,
      'data/bad-arff',
      'line 8: has 1 field between commas; the header declares 2',
    ],
    ['a label unknown', `${relation(2)}'1,2',?\n`, 'data/missing-label', 'line 8: has no label'],
    [
      'a label not listed',
      `${relation(2)}'1,2',c\n`,
      'data/unknown-label',
      'line 8: the label "c" is not in the header, which lists "a", "b"',
    ],
    [
      'a text among values',
      `${relation(2)}'1,2\\n1,x',a\n`,
      'data/bad-number',
      'line 8: channel 2, value 2, "x", is not a number',
    ],
    [
      'only missing values',
      `${relation(2)}'?,?\\n?,?',a\n`,
      'data/all-missing-series',
      'line 8: the series has no value',
    ],
    [
      'a single point',
      `${relation(2)}'1,?\\n1,?',a\n`,
      'data/short-series',
      'line 8: the series has a single point',
    ],
    ['an open sparse row', `${flat}{0 1, 1 2\n`, 'data/bad-arff', 'line 7: the sparse row is never closed'],
    ['an index beyond', `${flat}{9 1}\n`, 'data/bad-arff', 'stands the index 9, beyond the 4 attributes'],
    ['an index twice', `${flat}{0 1, 0 2}\n`, 'data/bad-arff', 'stands the index 0, for the second time'],
    ['no index', `${flat}{x 1}\n`, 'data/bad-arff', 'stands "x 1"; expected an index and a value'],
    [
      'an open quote in a sparse row',
      `${flat}{3 'a}\n`,
      'data/bad-arff',
      'index 3 of the sparse row opens a quote',
    ],
    ['a web page', '<html>', 'data/bad-arff', 'is a web page'],
  ])('%s is refused', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('short sparse rows cannot ask for more memory than a machine has', async () => {
    const rows = `'${'{}\\n'.repeat(14_000)}',a\n`;
    await expect(read(relation(20_000) + rows)).rejects.toMatchObject({
      code: 'data/too-large',
      message: expect.stringContaining('line 20006: brings the file to more than 268,435,456 values'),
    });
  });

  test('a header cannot make its names properties of anything', async () => {
    const set = await read(
      "@relation __proto__\n@attribute __proto__ relational\n@attribute constructor numeric\n@attribute __proto__ numeric\n@end __proto__\n@attribute class {__proto__,constructor}\n@data\n'1,2',__proto__\n",
    );
    expect(set).toMatchObject({ name: '__proto__', labels: ['__proto__'] });
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  test('many quotes and backslashes take time in proportion', async () => {
    const text = `${relation(2)}'${"\\'".repeat(500_000)}',a\n`;
    await expect(read(text)).rejects.toMatchObject({ code: 'data/bad-arff' });
  });
});
