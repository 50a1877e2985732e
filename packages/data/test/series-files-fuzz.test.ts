import {
  readArffStream,
  readLabelledCsvStream,
  readTsStream,
  readUcrStream,
  type SeriesSet,
} from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';

type Reader = (chunks: Iterable<Uint8Array>, name: string) => Promise<SeriesSet>;

const valid: readonly [string, Reader, string][] = [
  ['ucr', readUcrStream, '1\t0.5\tNaN\t2\n2\t1e-3\t-4\t5\n'],
  [
    'ts',
    readTsStream,
    '# c\n@problemName p\n@timeStamps false\n@dimensions 2\n@classLabel true a b\n@data\n1,?:2,3:a\n4,5:6:b\n',
  ],
  [
    'ts with times',
    readTsStream,
    '@timeStamps true\n@targetLabel true\n@data\n(0,1),(1,?):(0,2),(1,3):0.5\n',
  ],
  [
    'arff',
    readArffStream,
    "@relation 'r'\n@attribute bag relational\n@attribute t0 numeric\n@attribute t1 numeric\n@end bag\n@attribute c {a,'b c'}\n@data\n'1,2\\n{1 3}','b c'\n",
  ],
  ['csv', readLabelledCsvStream, 'id,time,x,label\na,0,1,u\na,1,2,u\n"b",0,3,v\nb,1,,v\n'],
];

const pieces = [
  '@data',
  '@end bag',
  '\n',
  "'",
  '"',
  '{',
  '}',
  '(',
  ')',
  ':',
  ',',
  '\t',
  '?',
  'NaN',
  '\\n',
  '\\',
  '%',
  '#',
  '-',
  '1e400',
  '__proto__',
  'true',
  '\u00e9',
  '',
];

test.each(valid)('a %s file changed anywhere is read, or refused in one line', async (_, read, text) => {
  await read([new TextEncoder().encode(text)], 'demo');
  const change = fc.record({ at: fc.nat(text.length), cut: fc.nat(6), put: fc.constantFrom(...pieces) });
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const changed = changes.reduce(
        (before, { at, cut, put }) => before.slice(0, at) + put + before.slice(at + cut),
        text,
      );
      const result = await read([new TextEncoder().encode(changed)], 'demo').catch((error: unknown) => error);
      if (result instanceof Error) {
        expect(result).toBeInstanceOf(PatchBertError);
        expect(result.message).not.toContain('\n');
        expect(result.message.length).toBeLessThan(700);
        return;
      }
      for (const { values } of (result as SeriesSet).series) {
        expect(values.length).toBe((result as SeriesSet).channels.length);
        expect(values.every((channel) => channel.length === values[0]!.length && channel.length > 1)).toBe(
          true,
        );
      }
    }),
    { seed: 12, numRuns: 400 },
  );
});

test.each(valid)('a %s file cut off anywhere is read, or refused in one line', async (_, read, text) => {
  for (let length = 0; length < text.length; length++) {
    const result = await read([new TextEncoder().encode(text.slice(0, length))], 'demo').catch(
      (error: unknown) => error,
    );
    if (result instanceof Error) expect(result).toBeInstanceOf(PatchBertError);
  }
});
