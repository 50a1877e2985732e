import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, csv, folderWith, quick, run } from './support/program.ts';

const good = csv(['load', 'wind'], 400);
const rows = (change: (lines: string[]) => string[]) => `${change(good.trimEnd().split('\n')).join('\n')}\n`;
const withCell = (row: number, cell: string) =>
  rows((lines) => lines.with(row, lines[row]!.replace(/[^,]+$/, cell)));

/** What is in the folder, what is asked for, and what the one line must name. */
interface Case {
  readonly files?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  readonly says: readonly (string | RegExp)[];
  readonly code?: number;
}

const file = (text: string): Pick<Case, 'files' | 'args'> => ({
  files: { 'load.csv': text },
  args: ['--data', 'load.csv'],
});
const config = (value: unknown): Pick<Case, 'files' | 'args'> => ({
  files: { 'load.csv': good, 'run.json': typeof value === 'string' ? value : JSON.stringify(value) },
  args: ['--config', 'run.json', '--data', 'load.csv'],
});

const cases: Readonly<Record<string, Case>> = {
  'a missing file': { args: ['--data', 'nowhere.csv'], says: ['nowhere.csv'] },
  'a directory': { args: ['--data', '.'], says: ['"."'] },
  'an empty file': { ...file(''), says: ['load.csv', 'empty'] },
  'a header only': { ...file('date,load\n'), says: ['load.csv'] },
  'text in a number column': { ...file(withCell(5, 'calm')), says: ['load.csv', '"calm"', '6', '"wind"'] },
  'a ragged row': { ...file(rows((lines) => lines.with(7, `${lines[7]},1`))), says: ['load.csv', '8'] },
  'duplicate columns': { ...file(csv(['load', 'load'], 400)), says: ['"load"'] },
  'infinite values': { ...file(withCell(9, 'Infinity')), says: ['Infinity', '10', '"wind"'] },
  'a channel without values': {
    ...file(csv(['load', 'void'], 400, (row, column) => (column ? '' : `${row}`))),
    says: ['"void"'],
  },
  'a window longer than the data': { ...file(csv(['load'], 40)), says: ['48'] },
  'an unknown channel': {
    files: { 'load.csv': good },
    args: ['--data', 'load.csv', '--channels', 'laod'],
    says: ['"laod"', '"load"'],
  },
  'no line of names': {
    ...file(
      rows((lines) =>
        lines.slice(1).map((line, row) => `2024-01-01 ${String(row).padStart(2, '0')}:00,${line}`),
      ),
    ),
    says: ['load.csv', 'names nothing'],
  },
  'a data folder that is not there': {
    args: ['--data', 'ETTm1', '--data-dir', 'nowhere'],
    says: ['"nowhere"'],
  },
  'a misspelt data set': { args: ['--data', 'ETTh'], says: ['ETTh', 'Did you mean'] },
  'a set of labelled series': { args: ['--data', 'GunPoint'], says: ['GunPoint', 'labelled'] },
  'an unknown flag': { args: ['--epoch', '2'], says: ['--epoch', 'Did you mean --epochs?'], code: 2 },
  'a stray word': { args: ['load.csv'], says: ['"load.csv"', '--data'], code: 2 },
  'a malformed number': { args: ['--steps', '1_000'], says: ['--steps', '1_000', 'whole number'], code: 2 },
  'an unknown preset': { args: ['--preset', 'tinny'], says: ['--preset', 'Did you mean "tiny"?'], code: 2 },
  'epochs and steps': { args: ['--epochs', '1', '--steps', '1'], says: ['--epochs', '--steps'], code: 2 },
  'an unknown config key': {
    ...config({ patchLenght: 12 }),
    says: ['run.json', '"patchLenght"', 'Did you mean "patchLength"?'],
  },
  'an unknown nested config key': {
    ...config({ model: { head: 4 } }),
    says: ['"model.head"', 'Did you mean "heads"?'],
  },
  'a config file that is no JSON': { ...config('{"steps": 1'), says: ['run.json', 'JSON'] },
  'a config file that is no object': { ...config('[]'), says: ['run.json', 'object'] },
  'steps and minutes in a config file': { ...config({ steps: 1, minutes: 1 }), says: ['steps', 'minutes'] },
  'heads that do not divide the width': {
    ...config({ model: { width: 30, heads: 4 } }),
    says: ['30', '4', 'heads'],
  },
  'a patch longer than the context': {
    ...file(good),
    args: ['--data', 'load.csv', '--patch-length', '49'],
    says: ['49', '48'],
  },
  'mask ratio 0': { args: ['--mask-ratio', '0'], says: ['--mask-ratio', '0'] },
  'mask ratio 1': { args: ['--mask-ratio', '1'], says: ['--mask-ratio', '1'] },
  'an unknown backend': { args: ['--backend', 'onnx'], says: ['"onnx"', 'onnx-cpu', 'tfjs-cpu'] },
  'resuming nothing': { args: ['--resume', 'nowhere'], says: ['nowhere'] },
  'resuming with other settings': {
    args: ['--resume', 'nowhere', '--seed', '1'],
    says: ['--seed', '--resume'],
    code: 2,
  },
};

/** A run is described by its folder, so these go without the flags of a new one. */
const isResume = (args: readonly string[]) => args.includes('--resume');

beforeAll(buildProgram);

describe.concurrent('one clear line, a non-zero exit, nothing written', () => {
  it.each(Object.entries(cases))('for %s', async (_, { files, args, says, code = 1 }) => {
    const folder = folderWith(files);
    const output = join(folder, 'run');
    const base = isResume(args) ? [] : [...quick.slice(0, 4), '--steps', '2', '--output', output];
    const before =
      args.includes('--steps') || args.includes('--epochs')
        ? base.filter((word) => !/^(--steps|2)$/.test(word))
        : base;
    const patch = args.includes('--patch-length') || isResume(args) ? [] : ['--patch-length', '8'];
    const { code: exit, stdout, stderr } = await run(folder, [...before, ...patch, ...args]);
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    for (const part of says)
      expect(stderr).toMatch(typeof part === 'string' ? new RegExp(escaped(part)) : part);
    expect(stderr).not.toMatch(/\n\s+at |report it/);
    expect({ exit, stdout }).toEqual({ exit: code, stdout: '' });
    expect(existsSync(output)).toBe(false);
    expect(existsSync(join(folder, 'runs'))).toBe(false);
  });

  it.each([
    ['below a file', 'load.csv/run', ['load.csv', 'folder']],
    ['not empty', 'full', ['"full"', '--resume']],
    ['a file', 'load.csv', ['load.csv', 'folder']],
    ['where nobody may write', '/proc/nobody/run', ['/proc']],
  ])('for an output folder %s', async (_, output, says) => {
    const folder = folderWith({ 'load.csv': good });
    mkdirSync(join(folder, 'full/notes'), { recursive: true });
    const { code, stderr } = await run(folder, [
      '--data',
      'load.csv',
      ...quick,
      '--steps',
      '2',
      '--output',
      output,
    ]);
    expect(stderr).toMatch(/error: [^\n]+\n$/);
    for (const part of says) expect(stderr).toContain(part);
    expect(stderr).not.toMatch(/\n\s+at |report it/);
    expect(code).toBe(1);
  });

  it('for a learning rate that makes training diverge', async () => {
    const folder = folderWith({
      'load.csv': good,
      'run.json': JSON.stringify({ clipNorm: null, warmup: 0 }),
    });
    const args = [
      '--data',
      'load.csv',
      '--config',
      'run.json',
      ...quick,
      '--steps',
      '40',
      '--learning-rate',
      '1e30',
      '--quiet',
    ];
    const { code, stdout, stderr } = await run(folder, args);
    expect(stderr).toMatch(/^error: [^\n]*step \d+[^\n]*\n$/);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
