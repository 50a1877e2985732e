import {
  type Frame,
  futureTimes,
  type Panel,
  readCsvStream,
  readLongCsvStream,
  readTsfStream,
  regulariseTimes,
  type TsfData,
} from '@patchbert/data';
import { bytesOf, type FuzzTarget } from '../fuzz-target.ts';
import { checkFrame, checkPanel } from './check-table.ts';

const words = [
  'date,a,b\n',
  'id,time,x\n',
  '2024-02-29',
  '2024-03-31 02:30:00',
  'T00:00:00Z',
  '+02:00',
  '1;2',
  '?',
  'NA',
];

const plain =
  'date,load,temp\n2024-01-01 00:00:00,1,0.5\n2024-01-01 01:00:00,,-2e3\n2024-01-01 02:00:00,NA,"3"\n';

export const csv: FuzzTarget = {
  name: 'csv',
  seeds: [plain, 'a\n1\n2\n', '"a ""b""",__proto__\r\n1,"2"\r\n', '\ufeffa,b\r1,2\r'].map(bytesOf),
  words,
  read: (bytes) => readCsvStream([bytes], 'demo.csv'),
  check: (value, bytes) => checkFrame(value as Frame, bytes),
};

export const csvWithoutHeader: FuzzTarget = {
  name: 'csv without header',
  seeds: ['1,2\n3,4\n', '2024-01-01,2\n2024-01-02,4\n'].map(bytesOf),
  words,
  read: (bytes) => readCsvStream([bytes], 'demo.csv', { header: false, timeOrder: 'any' }),
  check: (value, bytes) => checkFrame(value as Frame, bytes),
};

export const longCsv: FuzzTarget = {
  name: 'long csv',
  seeds: [
    'id,date,x,y\na,2024-01-02,1,2\nb,2024-01-01,3,\na,2024-01-01,5,6\n',
    'id,x\n001,1\n1,2\n"1 ",3\n',
  ].map(bytesOf),
  words,
  read: (bytes) => readLongCsvStream([bytes], 'demo.csv'),
  check: (value, bytes) => checkPanel(value as Panel, bytes),
};

export const times: FuzzTarget = {
  name: 'times',
  seeds: [
    plain,
    'date,x\n2024-01-31,1\n2024-02-29,2\n2024-04-30,3\n',
    'date,x\n0001-01-01,1\n9999-12-31,2\n',
    'date,x\n2024-03-31T01:30:00+01:00,1\n2024-03-31T03:30:00+02:00,2\n',
  ].map(bytesOf),
  words,
  read: async (bytes) => {
    const { frame } = regulariseTimes(await readCsvStream([bytes], 'demo.csv'));
    return { frame, ahead: frame.length < 2 ? new Float64Array(1) : futureTimes(frame, 3) };
  },
  check: (value) => {
    const { frame, ahead } = value as { readonly frame: Frame; readonly ahead: Float64Array };
    // Rows that are missing are added, up to ten times those there are.
    checkFrame(frame, new Uint8Array(frame.length * frame.channels.length));
    if (!ahead.every(Number.isFinite)) throw new Error('a time to come is none');
  },
};

export const tsf: FuzzTarget = {
  name: 'tsf',
  seeds: [
    '# c\n@relation r\n@attribute n string\n@attribute s date\n@frequency monthly\n@horizon 2\n@missing true\n@data\nT1:2020-01-31 00-00-00:1,?,3\nT2:2020-02-29 00-00-00:4\n',
    '@attribute __proto__ numeric\n@frequency 4_seconds\n@data\n1:1,2\n2:3\n',
  ].map(bytesOf),
  words: [
    '@data\n',
    '@attribute a string\n',
    '@attribute d date\n',
    '@frequency ',
    'yearly\n',
    '9_days\n',
    '@horizon 1\n',
    ':',
    '?',
    '#',
  ],
  read: (bytes) => readTsfStream([bytes], 'demo.tsf'),
  check: (value, bytes) => checkPanel((value as TsfData).panel, bytes),
};
