import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTsf, readTsfStream, segmentFrame } from '@patchbert/data';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readTsfStream([encode(text)], 'tourism.tsf');
const iso = (times: Float64Array | undefined) => [...times!].map((time) => new Date(time).toISOString());

const head = '@attribute series_name string\n@attribute start_timestamp date\n';

describe('.tsf files', () => {
  test('series, facts and attributes', async () => {
    const { panel, frequency, horizon, attributes } = await read(
      `# A comment\n\n@relation Tourism\n${head}@attribute beds numeric\n@frequency monthly\n@horizon 24\n@missing true\n@equallength false\n@data\n` +
        'T1:1979-11-01 00-00-00:5:1.5,?,3\nT2:1980-02-01 00-00-00:7:-2, 4e2\n',
    );
    expect({ frequency, horizon }).toEqual({ frequency: 'monthly', horizon: 24 });
    expect(panel.frame).toMatchObject({
      name: 'tourism.tsf',
      channels: ['value'],
      timeColumn: 'start_timestamp',
    });
    expect(panel.segments).toEqual([
      { id: 'T1', start: 0, end: 3 },
      { id: 'T2', start: 3, end: 5 },
    ]);
    expect([...panel.frame.columns[0]!]).toEqual([1.5, Number.NaN, 3, -2, 400]);
    expect(iso(segmentFrame(panel, 0).times).map((time) => time.slice(0, 10))).toEqual([
      '1979-11-01',
      '1979-12-01',
      '1980-01-01',
    ]);
    expect(attributes).toEqual([
      { series_name: 'T1', start_timestamp: Date.UTC(1979, 10, 1), beds: 5 },
      { series_name: 'T2', start_timestamp: Date.UTC(1980, 1, 1), beds: 7 },
    ]);
  });

  test.each([
    ['4_seconds', '2012-01-01 00-00-01', ['2012-01-01T00:00:05', '2012-01-01T00:00:09']],
    ['minutely', '2012-01-01 00-00-00', ['2012-01-01T00:01:00', '2012-01-01T00:02:00']],
    ['10_minutes', '2012-01-01 00-00-00', ['2012-01-01T00:10:00', '2012-01-01T00:20:00']],
    ['half_hourly', '2012-01-01 00-00-00', ['2012-01-01T00:30:00', '2012-01-01T01:00:00']],
    ['hourly', '2012-01-01 23-00-00', ['2012-01-02T00:00:00', '2012-01-02T01:00:00']],
    ['daily', '2012-02-28 00-00-00', ['2012-02-29T00:00:00', '2012-03-01T00:00:00']],
    ['weekly', '2012-02-28 00-00-00', ['2012-03-06T00:00:00', '2012-03-13T00:00:00']],
    ['monthly', '2012-01-31 12-00-00', ['2012-02-29T12:00:00', '2012-03-31T12:00:00']],
    ['quarterly', '2012-12-31 00-00-00', ['2013-03-31T00:00:00', '2013-06-30T00:00:00']],
    ['yearly', '2012-02-28 00-00-00', ['2013-02-28T00:00:00', '2014-02-28T00:00:00']],
  ])('%s values from %s', async (frequency, start, next) => {
    const { panel } = await read(`${head}@frequency ${frequency}\n@data\nT1:${start}:1,2,3\n`);
    expect(iso(panel.frame.times).slice(1)).toEqual(next.map((time) => `${time}.000Z`));
  });

  test('without a date or a frequency there are no times', async () => {
    expect((await read(`${head}@data\nT1:1979-01-01 00-00-00:1,2\n`)).panel.frame.times).toBeUndefined();
    const { panel } = await read('@frequency daily\n@attribute n string\n@data\na:1\n');
    expect(panel.frame.times).toBeUndefined();
  });

  test.each([
    ['names that differ', '@attribute a string\n@attribute b string\n@data\nx:p:1\ny:p:2\n', ['x', 'y']],
    [
      'names that differ together',
      '@attribute a string\n@attribute b string\n@data\nx:p:1\nx:q:2\n',
      ['x / p', 'x / q'],
    ],
    ['names that repeat', '@attribute a string\n@data\nx:1\nx:2\n', ['series 1', 'series 2']],
    ['no names', '@data\n1,2\n3\n', ['series 1', 'series 2']],
  ])('series with %s', async (_, text, ids) => {
    expect((await read(text)).panel.segments.map(({ id }) => id)).toEqual(ids);
  });

  test('however the bytes come', async () => {
    const text = `${head}@frequency daily\n@data\nÉté:2020-01-01 00-00-00:1,?,3\r\nÎle:2020-01-02 00-00-00:4,5`;
    const bytes = encode(text);
    const whole = await read(text);
    expect(whole.panel.segments.map(({ id }) => id)).toEqual(['Été', 'Île']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        const places = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(await readTsfStream(chunks, 'tourism.tsf')).toEqual(whole);
      }),
      { seed: 61, numRuns: 100 },
    );
  });

  test('comments and names of older archives, which are not UTF-8', async () => {
    const bytes = Uint8Array.from([
      ...encode('# 822'),
      0x96,
      ...encode('844\n@attribute n string\n@data\ncaf'),
      0xe9,
      ...encode(':1\n'),
    ]);
    const { panel } = await readTsfStream([bytes], 'tourism.tsf');
    expect(panel.segments[0]!.id).toBe('café');
  });

  test.each([
    ['an empty file', '', 'data/empty-file', 'is empty'],
    ['no data', `${head}@frequency daily\n`, 'data/bad-tsf', 'has no line @data'],
    ['no series', `${head}@data\n`, 'data/empty-file', 'has no series after @data'],
    ['a CSV file', 'date,x\n2020-01-01,1\n', 'data/bad-tsf', 'line 1: "date,x" stands before @data'],
    ['a web page', '<!doctype html>', 'data/bad-tsf', 'is a web page'],
    ['bytes', 'a\0b', 'data/bad-tsf', 'holds zero bytes'],
    [
      'a text among values',
      '@attribute n string\n@data\na:1,x,3\n',
      'data/bad-number',
      'line 3: value 2, "x", is not a number',
    ],
    ['an empty value', '@attribute n string\n@data\na:1,,3\n', 'data/bad-number', 'line 3: value 2, ""'],
    [
      'a missing part',
      `${head}@data\nT1:1,2\n`,
      'data/bad-tsf',
      'line 4: has 2 parts between colons; expected 3',
    ],
    ['a bad start', `${head}@data\nT1:soon:1,2\n`, 'data/bad-tsf', 'attribute "start_timestamp" is "soon"'],
    ['only missing values', '@data\n?,?\n', 'data/bad-tsf', 'line 2: the series has no value'],
    ['a frequency of its own', '@frequency montly\n@data\n1\n', 'data/bad-tsf', 'Did you mean "monthly"?'],
    ['a frequency of nothing', '@frequency 0_days\n@data\n1\n', 'data/bad-tsf', '"0_days" is not known'],
    ['a bad horizon', '@horizon soon\n@data\n1\n', 'data/bad-tsf', 'the horizon is "soon"'],
    [
      'a bad attribute',
      '@attribute n text\n@data\na:1\n',
      'data/bad-tsf',
      '"@attribute n text" is not an attribute',
    ],
    [
      'an attribute twice',
      '@attribute n string\n@attribute n string\n@data\na:1\n',
      'data/bad-tsf',
      '"n" comes twice',
    ],
    [
      'a tag too late',
      '@data\n1,2\n@horizon 3\n',
      'data/bad-tsf',
      'line 3: the tag "@horizon 3" stands after @data',
    ],
  ])('%s is refused', async (_, text, code, message) => {
    await expect(read(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('a file is read as a stream of its bytes is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patchbert-data-'));
    try {
      const path = join(folder, 'tourism.tsf');
      await writeFile(path, '@data\n1,2\n');
      expect(await readTsf(path)).toEqual(await read('@data\n1,2\n'));
      await expect(readTsf(folder)).rejects.toThrow('is not a file');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
