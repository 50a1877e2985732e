import {
  readArffStream,
  readLabelledCsvStream,
  readTsStream,
  readUcrStream,
  type SeriesSet,
} from '@patchbert/data';
import { bytesOf, type FuzzTarget } from '../fuzz-target.ts';
import { checkSeries } from './check-table.ts';

/** The parts of a target of series: what is read is always a set. */
function seriesTarget(parts: {
  readonly name: string;
  readonly seeds: readonly string[];
  readonly words: readonly string[];
  readonly read: (chunks: Iterable<Uint8Array>, name: string) => Promise<SeriesSet>;
}): FuzzTarget {
  return {
    ...parts,
    seeds: parts.seeds.map(bytesOf),
    read: (bytes) => parts.read([bytes], 'demo'),
    check: (value, bytes) => checkSeries(value as SeriesSet, bytes),
  };
}

export const ucr = seriesTarget({
  name: 'ucr',
  seeds: ['1\t0.5\tNaN\t2\n2\t1e-3\t-4\t5\n', '1.0e+00,1,2\r-1,?,4\r', ' 1 2 3\n 2 3 4\n'],
  words: ['?', 'NaN', '1 2\n', '1\t2\n'],
  read: readUcrStream,
});

export const ucrUnlabelled = seriesTarget({
  name: 'ucr without labels',
  seeds: ['0.5\tNaN\t2\n1e-3\t-4\t5\n', '1 2 3\n2 3 4\n'],
  words: ['?', 'NaN', '1 2\n', '1\t2\n'],
  read: (chunks, name) => readUcrStream(chunks, name, { labelled: false }),
});

export const ts = seriesTarget({
  name: 'ts',
  seeds: [
    '# c\n@problemName p\n@timeStamps false\n@univariate false\n@dimensions 2\n@classLabel true a b\n@data\n1,?:2,3:a\n4,5:6:b\n',
    '@timeStamps true\n@targetLabel true\n@data\n(0,1),(1,?):(0,2),(1,3):0.5\n',
    '@timeStamps true\n@classLabel false\n@data\n(2024-01-31,1),(2024-02-29,2)\n',
  ],
  words: [
    '@data\n',
    '@classLabel true a b\n',
    '@timeStamps true\n',
    '@dimensions 3\n',
    '@equalLength true\n',
    ':',
    '(',
    ')',
    '?',
    '#',
  ],
  read: readTsStream,
});

export const arff = seriesTarget({
  name: 'arff',
  seeds: [
    "@relation 'r'\n@attribute bag relational\n@attribute t0 numeric\n@attribute t1 numeric\n@end bag\n@attribute c {a,'b c'}\n@data\n'1,2\\n{1 3}','b c'\n",
    '% c\n@relation r\n@attribute t0 real\n@attribute t1 integer\n@attribute t2 numeric\n@attribute target numeric\n@data\n1,?,2,0.5\n{0 1,2 3}\n',
  ],
  words: [
    '@data\n',
    '@end bag\n',
    '@attribute t numeric\n',
    '@attribute c {a,b}\n',
    '@attribute bag relational\n',
    '{',
    '}',
    '\\n',
    '\\',
    '%',
  ],
  read: readArffStream,
});

export const labelledCsv = seriesTarget({
  name: 'labelled csv',
  seeds: [
    'id,time,x,label\na,0,1,u\na,1,2,u\n"b",0,3,v\nb,1,,v\n',
    'id,date,x,target\na,2024-01-01,1,2\na,2024-01-02,1,2\n',
  ],
  words: ['id,x,label\n', 'a,1,u\n', '?'],
  read: readLabelledCsvStream,
});
