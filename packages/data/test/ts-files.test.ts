import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTs, readTsStream, type SeriesReadOptions } from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const N = Number.NaN;
const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options?: SeriesReadOptions) => readTsStream([encode(text)], 'demo.ts', options);
const plain = (set: Awaited<ReturnType<typeof read>>) =>
  set.series.map((one) => one.values.map((channel) => [...channel]));

const labelled = '@classLabel true a b\n@data\n';
const stamped = `@timeStamps true\n${labelled}`;

describe('.ts files', () => {
  test('every tag, in any case, unequal lengths, gaps, comments', async () => {
    const set = await read(
      '\ufeff# A comment\n#\n@PROBLEMNAME Two words\n@timestamps FALSE\n@missing true\n@univariate false\n@Dimension 2\n@equalLength false\n' +
        '@seriesLength 3\n@targetlabel false\n@classLabel true b a 1.0\n\n@data\n# another\n1,?,3:4, 5 ,NaN:a\r\n-1e-1,2:3:1\n',
    );
    expect(set).toMatchObject({
      name: 'Two words',
      channels: ['channel 1', 'channel 2'],
      labels: ['a', '1'],
      declaredClasses: ['b', 'a', '1'],
      origin: { file: 'demo.ts', lines: [15, 16] },
    });
    expect(plain(set)).toEqual([
      [
        [1, N, 3],
        [4, 5, N],
      ],
      [
        [Math.fround(-0.1), 2],
        [3, N],
      ],
    ]);
  });

  test('one channel, no list of classes, empty channels', async () => {
    expect(await read('@univariate true\n@classLabel true\n@data\n1,2:x y\n')).toMatchObject({
      channels: ['value'],
      labels: ['x y'],
    });
    expect(plain(await read(`${labelled}:1,2:a\n`))).toEqual([
      [
        [N, N],
        [1, 2],
      ],
    ]);
  });

  test('numbers to predict', async () => {
    const set = await read('@targetLabel true\n@data\n1,2:0.25\n3,4:-1e3\n');
    expect([...set.targets!]).toEqual([0.25, -1000]);
    expect(set.labels).toBeUndefined();
    expect((await read('@targetLabel true\n@data\n1,2:0.50\n', { target: 'label' })).labels).toEqual(['0.5']);
    expect([...(await read('@classLabel true 1 2\n@data\n1,2:2\n', { target: 'value' })).targets!]).toEqual([
      2,
    ]);
  });

  test('without labels', async () => {
    const none = await read('@classLabel false\n@data\n1,2:3,4\n');
    expect(plain(none)).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(none.labels ?? none.targets).toBeUndefined();
    expect(plain(await read('@data\n1,2\n', { target: 'none' }))).toEqual([[[1, 2]]]);
    expect(plain(await read(`${labelled}1,2:?\n3,4:zzz\n`, { target: 'none' }))).toEqual([
      [[1, 2]],
      [[3, 4]],
    ]);
  });

  test.each([
    ['numbers', '(0,1.5),(1,?),(2,3):(0,4),(1,5),(2,6):a\n'],
    ['fractions', '(0.1,1.5),(0.2,NaN),(0.30000001,3):(0.1,4),(0.2,5),(0.30000001,6):a\n'],
    [
      'dates',
      '(2007-01-01 00:00:00,1.5), (2007-01-01 00:10:00,?) ,(2007-01-01 00:20:00,3) : (2007-01-01 00:00:00,4),(2007-01-01 00:10:00,5),(2007-01-01 00:20:00,6) : a\n',
    ],
    [
      'months',
      '(2007-01-31,1.5),(2007-02-28,?),(2007-03-31,3):(2007-01-31,4),(2007-02-28,5),(2007-03-31,6):a\n',
    ],
  ])('time stamps: %s', async (_, line) => {
    const set = await read(stamped + line);
    expect(plain(set)).toEqual([
      [
        [1.5, N, 3],
        [4, 5, 6],
      ],
    ]);
    expect(set.labels).toEqual(['a']);
  });

  test('time stamps: shorter, empty and unlabelled channels', async () => {
    expect(plain(await read(`${stamped}(5,1),(7,2),(9,3):(5,4):?:a\n`))).toEqual([
      [
        [1, 2, 3],
        [4, N, N],
        [N, N, N],
      ],
    ]);
    expect(
      plain(await read('@timeStamps true\n@classLabel false\n@data\n(0,1),(1,2):(0,3),(1,4)\n')),
    ).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(plain(await read(`${stamped}:(0,1),(1,2):a\n`))).toEqual([
      [
        [N, N],
        [1, 2],
      ],
    ]);
  });

  test.each([
    ['a gap', '(0,1),(1,2),(3,4):a', 'channel 1 goes from 1 to 3, unlike its other steps'],
    ['a step back', '(0,1),(1,2),(1,3):a', 'channel 1 goes from 1 to 1'],
    ['a date too far', '(2007-01-01,1),(2007-01-02,2),(2007-01-04,3):a', 'channel 1 goes from 2007-01-02'],
    [
      'channels at other times',
      '(0,1),(1,2):(1,3),(2,4):a',
      'channels 1 and 2 have different times from point 1 on',
    ],
  ])('irregular times: %s', async (_, line, message) => {
    await expect(read(`${stamped}(0,1),(1,2):b\n${line}\n`)).rejects.toMatchObject({
      code: 'data/irregular-times',
      message: expect.stringContaining(`"demo.ts" line 5: ${message}`),
    });
  });

  test.each([
    ['an empty file', '', 'data/empty-file', 'is empty'],
    ['a header without data', '@classLabel true a b\n', 'data/bad-ts', 'has no line @data'],
    ['no series', labelled, 'data/empty-file', 'has no series'],
    [
      'data before tags',
      '1,2:a\n@classLabel true a\n@data\n',
      'data/bad-ts',
      'line 1: "1,2:a" stands before @data',
    ],
    ['@data missing', '@classLabel true a\n1,2:a\n', 'data/bad-ts', 'line 2: "1,2:a" stands before @data'],
    [
      'a tag after @data',
      `${labelled}1,2:a\n@missing false\n`,
      'data/bad-ts',
      'line 4: the tag "@missing false" stands after @data',
    ],
    [
      'values beside @data',
      '@classLabel true a\n@data 1,2:a\n',
      'data/bad-ts',
      'line 2: has values beside @data',
    ],
    ['an unknown tag', '@clasLabel true a\n@data\n', 'data/bad-ts', 'Did you mean "@classLabel"?'],
    ['a tag of nobody', '@__proto__ true\n@data\n', 'data/bad-ts', '"@__proto__" is not known'],
    ['a tag twice', '@dimension 1\n@dimensions 1\n@data\n', 'data/bad-ts', 'line 2: @dimensions comes twice'],
    [
      'no class and no target',
      '@univariate true\n@data\n1,2:a\n',
      'data/bad-ts',
      'neither @classLabel nor @targetLabel',
    ],
    [
      'a class and a target',
      '@classLabel true a\n@targetLabel true\n@data\n1,2:a\n',
      'data/bad-ts',
      'a class and with a number',
    ],
    [
      'a flag that is none',
      '@missing maybe\n@data\n',
      'data/bad-ts',
      '@missing is "maybe"; expected true or false',
    ],
    ['classes of false', '@classLabel false a b\n@data\n', 'data/bad-ts', '@classLabel false lists classes'],
    ['no dimension', '@dimensions 0\n@data\n', 'data/bad-ts', '@dimensions is "0"'],
    [
      'univariate of two',
      '@univariate true\n@dimensions 2\n@classLabel true a\n@data\n',
      'data/bad-ts',
      'line 4: the header says @univariate true and @dimensions 2',
    ],
    [
      'too few channels',
      `@dimensions 2\n${labelled}1,2:a\n`,
      'data/uneven-channels',
      'line 4: has 1 channel between colons; the header says @dimensions 2',
    ],
    [
      'too many channels',
      `@univariate true\n${labelled}1,2:3,4:a\n`,
      'data/uneven-channels',
      'the header says @univariate true',
    ],
    [
      'channels that change',
      `${labelled}1,2:3,4:a\n1,2:b\n`,
      'data/uneven-channels',
      'line 4: has 1 channels, line 3 has 2',
    ],
    [
      'lengths that change',
      `@equalLength true\n${labelled}1,2:a\n1,2,3:b\n`,
      'data/bad-ts',
      'line 5: the series has 3 points, that of line 4 has 2',
    ],
    ['a label missing', `${labelled}1,2:a\n3,4:\n`, 'data/missing-label', 'line 4: has no label'],
    ['no colon', `${labelled}1,2\n`, 'data/bad-ts', 'line 3: "1,2" has no colon'],
    [
      'a label not listed',
      `${labelled}1,2:c\n`,
      'data/unknown-label',
      'line 3: the label "c" is not in the header, which lists "a", "b"',
    ],
    [
      'a target that is a text',
      '@targetLabel true\n@data\n1,2:x\n',
      'data/bad-number',
      'line 3: the target "x" is not a number',
    ],
    [
      'a text among values',
      `${labelled}1,2:3,x:a\n`,
      'data/bad-number',
      'line 3: channel 2, value 2, "x", is not a number',
    ],
    ['an empty value', `${labelled}1,,2:a\n`, 'data/bad-number', 'line 3: value 2, "", is not a number'],
    [
      'only missing values',
      `${labelled}?,?:?,?:a\n`,
      'data/all-missing-series',
      'line 3: the series has no value',
    ],
    ['no values', `${labelled}:a\n`, 'data/empty-series', 'line 3: the series has no point'],
    ['a single point', `${labelled}1:a\n`, 'data/short-series', 'line 3: the series has a single point'],
    [
      'values without stamps',
      `${stamped}1,2:a\n`,
      'data/bad-ts',
      'line 4: channel 1 is "1,2"; expected points such as',
    ],
    [
      'a stamp that is none',
      `${stamped}(0,1),(soon,2):a\n`,
      'data/bad-ts',
      'channel 1, point 2: "soon" is not a time',
    ],
    [
      'stamps of two kinds',
      `${stamped}(0,1),(2007-01-01,2):a\n`,
      'data/bad-ts',
      '"2007-01-01" is not a time; expected all numbers',
    ],
    [
      'an open parenthesis',
      `${stamped}(0,1),(1,2:a\n`,
      'data/bad-ts',
      'channel 1, point 2: expected a time and a value',
    ],
    [
      'no value beside a stamp',
      `${stamped}(0):a\n`,
      'data/bad-ts',
      'expected a time and a value in parentheses',
    ],
    [
      'a text beside a stamp',
      `${stamped}(0,x):a\n`,
      'data/bad-number',
      'channel 1, point 1, "x", is not a number',
    ],
    [
      'points run together',
      `${stamped}(0,1)(1,2):a\n`,
      'data/bad-ts',
      'after channel 1, point 1 stands "(1,2):a"',
    ],
    [
      'stamps without a label',
      `${stamped}(0,1),(1,2)\n`,
      'data/missing-label',
      'line 4: has no label after its last channel',
    ],
    ['a web page', '<html>', 'data/bad-ts', 'is a web page'],
    ['zero bytes', 'a\0', 'data/bad-ts', 'zero bytes'],
  ])('%s is refused', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('labels asked for that the file says it has not', async () => {
    const text = '@classLabel false\n@data\n1,2\n';
    await expect(read(text, { target: 'label' })).rejects.toMatchObject({ code: 'data/no-labels' });
    await expect(read(text, { target: 'value' })).rejects.toMatchObject({ code: 'data/no-labels' });
  });

  test('a short line cannot ask for more memory than a machine has', async () => {
    const long = `${'1,'.repeat(300_000)}1`;
    await expect(read(`${labelled}${long}${':'.repeat(1000)}:a\n`)).rejects.toMatchObject({
      code: 'data/too-large',
    });
  });

  test('however the bytes come, and from a file', async () => {
    const text = `# é\n@problemName Große\n${labelled}1,2:3,?:a\r\n4,5:6,7:b`;
    const bytes = encode(text);
    const whole = await read(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(await readTsStream(chunks, 'demo.ts')).toEqual(whole);
      }),
      { seed: 62, numRuns: 100 },
    );
    const folder = await mkdtemp(join(tmpdir(), 'patchbert-data-'));
    try {
      await writeFile(join(folder, 'demo.ts'), text);
      expect(await readTs(join(folder, 'demo.ts'))).toEqual(whole);
      await expect(readTs(join(folder, 'other.ts'))).rejects.toMatchObject({ code: 'data/missing-file' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
