import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, csv, folderWith, run } from './support/program.ts';

const good = csv(['load', 'wind'], 400);

/** What is in the folder, what is asked for, and what the one line must name. */
interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly says: readonly string[];
  readonly code?: number;
}

const forecast = (...args: readonly string[]): Pick<Case, 'files' | 'args'> => ({
  files: { 'load.csv': good },
  args: ['forecast', '--data', 'load.csv', ...args],
});
const config = (value: unknown): Pick<Case, 'files' | 'args'> => ({
  files: { 'load.csv': good, 'run.json': typeof value === 'string' ? value : JSON.stringify(value) },
  args: ['forecast', '--config', 'run.json', '--data', 'load.csv'],
});

/** The good table with some of its lines changed. */
const changed = (change: (line: string, row: number) => readonly string[]): Pick<Case, 'files' | 'args'> => ({
  files: { 'load.csv': good.split('\n').flatMap(change).join('\n') },
  args: ['forecast', '--data', 'load.csv', '--horizon', '6', '--context-length', '48'],
});
const checkpointOf = (state: object): Pick<Case, 'files' | 'args'> => ({
  files: { 'load.csv': good, 'state.json': JSON.stringify(state) },
  args: ['forecast', '--data', 'load.csv', '--checkpoint', '.'],
});

const cases: Readonly<Record<string, Case>> = {
  'a misspelt command': { args: ['forcast'], says: ['"forcast"', 'Did you mean "forecast"?'], code: 2 },
  'a flag before its command': { args: ['--data', 'load.csv'], says: ['--data'], code: 2 },
  'an unknown flag': { ...forecast('--horizons', '24'), says: ['Did you mean --horizon?'], code: 2 },
  'a stray word': { ...forecast('load.csv'), says: ['"load.csv"', '--data'], code: 2 },
  'a horizon of nothing': { ...forecast('--horizon', '0'), says: ['--horizon', 'at least 1'], code: 2 },
  'a horizon twice': { ...forecast('--horizon', '24,24'), says: ['--horizon', 'twice'], code: 2 },
  'a malformed horizon': { ...forecast('--horizon', '24;48'), says: ['--horizon', '24;48'], code: 2 },
  'an unknown method': {
    ...forecast('--adapt', 'rige'),
    says: ['--adapt', 'Did you mean "ridge"?'],
    code: 2,
  },
  'an unknown loss': { ...forecast('--loss', 'rmse'), says: ['--loss', 'Did you mean "mse"?'], code: 2 },
  'a share above 1': {
    ...forecast('--linear-weight', '50'),
    says: ['--linear-weight', 'from 0 to 1'],
    code: 2,
  },
  'no training windows': { ...forecast('--train-fraction', '0'), says: ['--train-fraction'] },
  'irregular time stamps': {
    ...changed((line, row) => [row === 50 ? line.replace(':00:00', ':17:00') : line]),
    says: ['load.csv', '17:00', '--no-regular-times'],
  },
  'duplicate time stamps': {
    ...changed((line, row) => (row === 50 ? [line, line] : [line])),
    says: ['load.csv', '2020-01-03'],
  },
  'an unknown target': {
    ...forecast('--target', 'laod', '--horizon', '6', '--context-length', '48'),
    says: ['"laod"', 'Did you mean "load"?'],
  },
  'an unknown covariate': {
    ...forecast('--covariates', 'price', '--horizon', '6', '--context-length', '48'),
    says: ['"price"', 'load'],
  },
  'an unknown channel': { ...forecast('--channels', 'load,wnd'), says: ['"wnd"', 'Did you mean "wind"?'] },
  'a horizon longer than the test rows': {
    ...forecast('--horizon', '200', '--context-length', '48'),
    says: ['horizon 200', 'shorter horizon'],
  },
  'something else as a checkpoint': {
    ...checkpointOf({ format: 'something else' }),
    says: ['state.json', 'format'],
  },
  'a panel with one series that is too short': {
    files: {
      'shops.csv': [
        'shop,date,sales',
        ...Array.from(
          { length: 300 },
          (_, i) => `a,${new Date(Date.UTC(2020, 0, 1 + i)).toISOString()},${i % 7}`,
        ),
        ...Array.from(
          { length: 20 },
          (_, i) => `b,${new Date(Date.UTC(2020, 0, 1 + i)).toISOString()},${i % 7}`,
        ),
      ].join('\n'),
    },
    args: [
      'forecast',
      '--data',
      'shops.csv',
      '--id-column',
      'shop',
      '--horizon',
      '7',
      '--context-length',
      '28',
    ],
    says: ['"b"', '28'],
  },
  'a missing file': { args: ['forecast', '--data', 'nowhere.csv'], says: ['nowhere.csv'] },
  'a misspelt data set': { args: ['forecast', '--data', 'ETTh'], says: ['ETTh', 'Did you mean'] },
  'an unknown backend': { ...forecast('--backend', 'onnx'), says: ['"onnx"', 'onnx-cpu', 'tfjs-cpu'] },
  'a checkpoint that is not there': {
    ...forecast('--checkpoint', 'runs/nowhere'),
    says: ['--checkpoint', 'runs/nowhere', 'no such folder'],
  },
  'a checkpoint that is a file': {
    ...forecast('--checkpoint', 'load.csv'),
    says: ['--checkpoint', 'load.csv', 'file'],
  },
  'a checkpoint that is not there, with random weights': {
    ...forecast('--checkpoint', 'runs/nowhere', '--adapt', 'scratch'),
    says: ['--checkpoint', 'runs/nowhere', 'no such folder'],
  },
  'a checkpoint that nothing is taken from': {
    ...forecast('--checkpoint', '.', '--linear-weight', '1'),
    says: ['--checkpoint', '--linear-weight 1', 'leave one of them out'],
  },
  'data too short to look back': { ...forecast('--context-length', '5000'), says: ['5000'] },
  'an unknown config key': {
    ...config({ linearWieght: 1 }),
    says: ['run.json', '"linearWieght"', 'Did you mean "linearWeight"?'],
  },
  'an unknown key of the pretraining': {
    ...config({ pretraining: { step: 4 } }),
    says: ['run.json', '"pretraining.step"', 'Did you mean "steps"?'],
  },
  'a config file that is no JSON': { ...config('{"seed": 1'), says: ['run.json', 'JSON'] },
  'a config file that is no object': { ...config('[]'), says: ['run.json', 'object'] },
  'predicting without a model': { args: ['predict'], says: ['--model', 'forecast'], code: 2 },
  'a model that is not there': { args: ['predict', '--model', 'nowhere'], says: ['nowhere'] },
  'a model that is none': {
    files: { 'load.csv': good },
    args: ['evaluate', '--model', '.'],
    says: ['forecaster.json'],
  },
  'quantiles that are none': {
    args: ['predict', '--model', 'x', '--quantiles', '10,90'],
    says: ['--quantiles', '0.005 to 0.995'],
    code: 2,
  },
  'quantiles further out than any forecaster knows': {
    args: ['predict', '--model', 'x', '--quantiles', '.001'],
    says: ['--quantiles', '0.005 to 0.995'],
    code: 2,
  },
  'a format there is not': {
    args: ['predict', '--model', 'x', '--format', 'jsn'],
    says: ['--format', 'Did you mean "json"?'],
    code: 2,
  },
  'a file in the way of predictions': {
    files: { 'load.csv': good },
    args: ['predict', '--model', 'x', '--output', 'load.csv'],
    says: ['--output', '"load.csv"', 'is there already'],
  },
  'predictions into a folder that is not there': {
    args: ['predict', '--model', 'x', '--output', 'nowhere/next.csv'],
    says: ['--output', 'folder does not exist'],
  },
  'inspecting nothing': { args: ['inspect', '--model', 'nowhere'], says: ['nowhere'] },
  'a stride of nothing': { args: ['backtest', '--model', 'x', '--stride', '0'], says: ['--stride'], code: 2 },
};

beforeAll(buildProgram);

describe.concurrent('one clear line, a non-zero exit, nothing written', () => {
  it.each(Object.entries(cases))('for %s', async (_, { files, args, says, code = 1 }) => {
    const folder = folderWith(files);
    const { code: exit, stdout, stderr } = await run(folder, args);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    for (const part of says) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/\n\s+at |report it/);
    expect({ exit, stdout }).toEqual({ exit: code, stdout: '' });
    expect(readdirSync(folder).sort()).toEqual(Object.keys(files ?? {}).sort());
  });

  it.each([
    ['below a file', 'load.csv/run', ['load.csv', 'folder']],
    ['not empty', 'full', ['"full"', 'new folder']],
  ])('for an output folder %s', async (_, output, says) => {
    const folder = folderWith({ 'load.csv': good });
    mkdirSync(join(folder, 'full/notes'), { recursive: true });
    const { code, stderr } = await run(folder, ['forecast', '--data', 'load.csv', '--output', output]);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    for (const part of says) expect(stderr).toContain(part);
    expect(code).toBe(1);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });
});
