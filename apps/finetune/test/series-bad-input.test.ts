import { readdirSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, folderWith, run } from './support/program.ts';

const header = '@problemName a\n@timeStamps false\n@univariate true\n@classLabel true a b\n@data\n';
const good = `${header}1,2,3:a\n2,3,4:a\n1,2,1:b\n3,2,1:b\n`;
const tables = {
  'good.ts': good,
  'table.csv': 'id,x,class\n1,2,a\n1,3,a\n2,4,b\n2,5,a\n',
};

/** What is in the file, how it is read, and what the one line must name. */
interface Case {
  readonly file?: readonly [name: string, text: string];
  readonly args?: readonly string[];
  readonly says: readonly string[];
  readonly code?: number;
}

const cases: Readonly<Record<string, Case>> = {
  'an empty file': { file: ['a.ts', ''], says: ['"a.ts"', 'empty'] },
  'one class only': { file: ['a.ts', `${header}1,2:a\n2,3:a\n`], says: ['"a.ts"', 'two classes'] },
  'a class with one example': {
    file: ['a.ts', `${header}1,2:a\n2,3:a\n1,1:b\n`],
    says: ['"a.ts" line 8', '"b"'],
  },
  'a header without data': { file: ['a.ts', header], says: ['"a.ts"', 'no series'] },
  'inconsistent channel counts': {
    file: ['a.ts', `${header.replace('true', 'false')}1,2:3,4:a\n1,2:b\n`],
    says: ['"a.ts" line 7'],
  },
  'series of length 1': {
    file: ['a.ts', `${header}1:a\n2:a\n3:b\n4:b\n`],
    says: ['"a.ts" line 6', 'single point'],
  },
  'a series that is all missing': {
    file: ['a.ts', `${header}1,2:a\n?,?:a\n1,2:b\n2,1:b\n`],
    says: ['"a.ts" line 7', 'missing'],
  },
  'data before tags': { file: ['a.ts', `1,2:a\n${header}1,2:a\n`], says: ['"a.ts" line 1', '@data'] },
  'bad nesting': {
    file: [
      'a.arff',
      "@relation x\n@attribute r relational\n@attribute v numeric\n@end r\n@attribute class {a,b}\n@data\n'1,2\\n3,4,a\n",
    ],
    says: ['"a.arff" line 7', 'quote'],
  },
  'labels with decimals': {
    file: ['a.tsv', '1.5\t1\t2\n2.5\t2\t1\n'],
    says: ['"a.tsv" line 1', '"1.5"', 'regress'],
  },
  'a class that the training file lacks': {
    file: ['a.ts', `${header.replace('a b', 'a bb')}1,2:a\n2,3:bb\n`],
    args: ['--train', 'good.ts', '--test', 'a.ts'],
    says: ['"a.ts" line 7', '"bb"', 'Did you mean "b"?'],
  },
  'a test file of other channels': {
    file: ['a.ts', `${header.replace('true', 'false')}1,2:1,2:a\n2,3:3,4:b\n`],
    args: ['--train', 'good.ts', '--test', 'a.ts'],
    says: ['"a.ts"', '2 channels'],
  },
  'a label that changes within a series': {
    args: ['--data', 'table.csv', '--id-column', 'id'],
    says: ['"table.csv"', 'class'],
  },
  'a missing file': { args: ['--data', 'nowhere.ts'], says: ['nowhere.ts'] },
  'a long recording': { args: ['--data', 'beijing-air-quality'], says: ['one long recording'] },
  'two ways to say what is read': {
    args: ['--data', 'good.ts', '--train', 'good.ts'],
    says: ['--data', '--train'],
  },
  'a test file alone': { args: ['--test', 'good.ts'], says: ['--train is missing'], code: 2 },
  'two ways to say what labels are read': {
    args: ['--data', 'good.ts', '--labels-per-class', '2', '--label-fraction', '.5'],
    says: ['--label-fraction'],
  },
  'a misspelt method': { args: ['--adapt', 'rige'], says: ['Did you mean "ridge"?'], code: 2 },
  'a pooling there is not': {
    args: ['--data', 'good.ts', '--poolings', 'mean,men'],
    says: ['--poolings', '"mean"'],
  },
  'more mixing than there is': { args: ['--mix-up', '2'], says: ['--mix-up'], code: 2 },
  'a batch of one series': { args: ['--batch-size', '1'], says: ['--batch-size', 'at least 2'], code: 2 },
  'a single fold': { args: ['--cross-validate', '1'], says: ['--cross-validate', 'at least 2'], code: 2 },
  'more folds than series': { args: ['--data', 'good.ts', '--cross-validate', '9'], says: ['9 folds'] },
  'a patch longer than the series': {
    args: ['--data', 'good.ts', '--patch-length', '40'],
    says: ['40 points'],
  },
  'a checkpoint that is not there': {
    args: ['--data', 'good.ts', '--checkpoint', 'nowhere'],
    says: ['"nowhere"'],
  },
  'a flag of forecasts': { args: ['--horizon', '24'], says: ['--horizon'], code: 2 },
  'an unknown key of the configuration': {
    file: ['run.json', '{"fineTuning": {"training": {"step": 4}}}'],
    args: ['--config', 'run.json'],
    says: ['run.json', 'fineTuning.training.step', 'Did you mean "steps"?'],
  },
};

beforeAll(buildProgram);

describe.concurrent('classify: one clear line, a non-zero exit, nothing written', () => {
  it.each(Object.entries(cases))('for %s', async (_, { file, args, says, code = 1 }) => {
    const [name = 'good.ts', text = good] = file ?? [];
    const files = { ...tables, [name]: text };
    const folder = folderWith(files);
    const flags = args ?? ['--data', name];
    const {
      code: exit,
      stdout,
      stderr,
    } = await run(folder, ['classify', ...flags, '--quiet', '--output', 'm']);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    for (const part of says) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/\n\s+at |report it/);
    expect({ exit, stdout }).toEqual({ exit: code, stdout: '' });
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files).sort());
  });
});

it('regress needs values, and says so', async () => {
  const folder = folderWith(tables);
  for (const [args, says, code] of [
    [[], /--data is missing/, 2],
    [['--data', 'good.ts'], /"good.ts" line 6: the target "a" is not a number.* use classify/, 1],
    [['--data', 'good.ts', '--labels-per-class', '2'], /unknown option '--labels-per-class'/, 2],
  ] as const) {
    const ended = await run(folder, ['regress', ...args]);
    expect(ended.stderr).toMatch(says);
    expect(ended.code).toBe(code);
  }
});
