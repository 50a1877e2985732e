import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, csv, type Ended, folderWith, run, start } from './support/program.ts';

const strange = '<script>alert(1)</script>';
const rows = 600;
const data = csv(['load', '__proto__', strange], rows, (row, column) =>
  row % 97 === 5 ? '' : (10 * column + Math.sin((2 * Math.PI * row) / (12 + 4 * column))).toFixed(5),
);
const settings = {
  contextLength: 48,
  pretraining: {
    patchLength: 8,
    model: { preset: 'tiny', width: 8, layers: 1, heads: 2, feedForwardWidth: 16 },
    batchSize: 8,
    steps: 4,
    validationSeries: 8,
    galleryWindows: 1,
  },
};
const slow = { ...settings, pretraining: { ...settings.pretraining, steps: 5000 } };
const files = { 'load.csv': data, 'run.json': JSON.stringify(settings) };
const fit = ['forecast', '--config', 'run.json', '--data', 'load.csv', '--horizon', '6,12'];

let folder = '';
let fitted: Ended;
beforeAll(async () => {
  buildProgram();
  folder = folderWith(files);
  fitted = await run(folder, [...fit, '--output', 'first']);
}, 120_000);

describe('patchbert-finetune forecast', () => {
  it('pretrains when there is no run, says so, and leaves a forecaster with receipt and report', () => {
    expect(fitted.stderr).not.toMatch(/^error/m);
    expect(fitted.code).toBe(0);
    expect(fitted.stderr).toContain('pretrained first');
    expect(fitted.stdout).toMatch(/^next 6 +mse +mae/m);
    expect(fitted.stdout).toMatch(/^next 12 +mse +mae/m);
    expect(fitted.stdout).toContain('first/report.html');
    expect(readdirSync(join(folder, 'first'))).toEqual(
      expect.arrayContaining(['config.json', 'forecaster.json', 'receipt.json', 'report.html']),
    );
    const page = readFileSync(join(folder, 'first/report.html'), 'utf8');
    expect(page).toContain('</html>');
    expect(page).toContain('__proto__');
    expect(page).not.toContain('<script');
  });

  it('takes the newest fitting run, and repeats itself from its own configuration', async () => {
    const again = folderWith(files);
    await run(again, [...fit, '--output', 'runs/one', '--quiet']);
    const found = await run(again, [...fit, '--output', 'two']);
    expect(found.stderr).toContain('runs/one-pretraining');
    expect(found.stderr).not.toContain('pretrained first');
    const repeated = await run(again, [
      'forecast',
      '--config',
      'two/config.json',
      '--output',
      'three',
      '--quiet',
    ]);
    expect(repeated.stderr).toBe('');
    expect(tableOf(repeated)).toBe(tableOf(found));
  });

  it('prints one JSON object per line with --json, and needs no encoder for the linear model', async () => {
    const args = [...fit, '--linear-weight', '1', '--json', '--output', 'linear'];
    const { code, stdout, stderr } = await run(folder, args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.at(-1)).toMatchObject({ type: 'result', folder: 'linear', report: 'linear/report.html' });
    expect(existsSync(join(folder, 'linear-pretraining'))).toBe(false);
  });
});

it('trains the network of an asked checkpoint from scratch, with its context', async () => {
  const { contextLength, pretraining, ...training } = { ...settings, training: { steps: 2, batchSize: 8 } };
  writeFileSync(join(folder, 'scratch.json'), JSON.stringify(training));
  const args = ['--config', 'scratch.json', '--data', 'load.csv', '--horizon', '6', '--adapt', 'scratch'];
  const { stderr } = await run(folder, [
    'forecast',
    ...args,
    '--checkpoint',
    'first-pretraining',
    '--output',
    'scratch',
    '--quiet',
  ]);
  expect(stderr).toBe('');
  const [own, theirs] = ['scratch', 'first'].map(
    (name) =>
      JSON.parse(readFileSync(join(folder, name, 'forecaster.json'), 'utf8')) as {
        contextLength: number;
        horizons: { encoder: { config: object } }[];
      },
  );
  expect(own!.contextLength).toBe(contextLength);
  expect(own!.horizons[0]!.encoder.config).toEqual(theirs!.horizons[0]!.encoder.config);
  expect(own!.horizons[0]!.encoder.config).toMatchObject({ width: pretraining.model.width });
});

describe('patchbert-finetune forecast, stopped by Ctrl-C', () => {
  it('saves the pretraining and says how to go on', async () => {
    const stopped = folderWith({ ...files, 'run.json': JSON.stringify(slow) });
    const running = start(stopped, [...fit, '--output', 'late']);
    await running.says('step 1 of 5,000');
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('patchbert-pretrain --resume late-pretraining');
    expect(readdirSync(stopped).sort()).toEqual(['late-pretraining', 'load.csv', 'run.json']);
  });

  it('leaves no forecaster when the fit was stopped', async () => {
    const running = start(folder, [...fit, '--checkpoint', 'first-pretraining', '--output', 'late']);
    await running.says('linear ridge on the context');
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('no forecaster was written');
    expect(existsSync(join(folder, 'late'))).toBe(false);
  });
});

describe('with a forecaster', () => {
  it('predicts what comes next, as CSV and as JSON', async () => {
    const csvRun = await run(folder, ['predict', '--model', 'first', '--quantiles', '.1,.9']);
    expect(csvRun.code).toBe(0);
    const [header, first, ...rest] = csvRun.stdout.trimEnd().split('\n');
    expect(header).toBe(
      `time,load,load.q0.1,load.q0.9,__proto__,__proto__.q0.1,__proto__.q0.9,${strange},${strange}.q0.1,${strange}.q0.9`,
    );
    expect(first).toMatch(
      new RegExp(`^${new Date(Date.UTC(2020, 0, 1, rows)).toISOString().slice(0, 13)}:00:00Z,`),
    );
    expect(rest.length).toBe(11);
    const json = await run(folder, ['predict', '--model', 'first', '--format', 'json', '--horizon', '6']);
    const { forecasts } = JSON.parse(json.stdout) as {
      forecasts: {
        times: string[];
        channels: { name: string; mean: number[]; quantiles: { level: number }[] }[];
      }[];
    };
    expect(forecasts.map(({ channels }) => channels.map(({ name }) => name))).toEqual([
      ['load', '__proto__', strange],
    ]);
    expect(forecasts[0]!.channels[0]!.quantiles.map(({ level }) => level)).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9,
    ]);
    expect(forecasts[0]!.channels.every(({ mean }) => mean.length === 6 && mean.every(Number.isFinite))).toBe(
      true,
    );
  });

  it('writes predictions to a new file and never over another', async () => {
    const args = ['predict', '--model', 'first', '--quiet', '--output', 'next.csv'];
    const { code, stdout } = await run(folder, args);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const written = readFileSync(join(folder, 'next.csv'), 'utf8');
    expect(written.split('\n')[0]).toMatch(/^time,load,load\.q0\.1,.*,load\.q0\.9,__proto__,/);
    expect((await run(folder, args)).stderr).toMatch(/^error: .*is there already/);
    expect(readFileSync(join(folder, 'next.csv'), 'utf8')).toBe(written);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('scores again what was scored, and walks through the test rows', async () => {
    const evaluated = await run(folder, ['evaluate', '--model', 'first', '--quiet']);
    expect(evaluated.stderr).toBe('');
    // The control is fitted to be compared with, not kept.
    const kept = (text: string) =>
      text
        .split('\n')
        .flatMap((line) => (line.startsWith('same network') ? [] : [line.replace(/\s+/g, ' ')]));
    expect(tableOf(fitted)).toContain('same network, random weights');
    expect(kept(tableOf(evaluated))).toEqual(kept(tableOf(fitted)));
    const walked = await run(folder, [
      'backtest',
      '--model',
      'first',
      '--stride',
      '12',
      '--horizon',
      '6',
      '--quiet',
    ]);
    expect(walked.stderr).toBe('');
    expect(walked.stdout).toMatch(/^next 6 +mse/m);
  });

  it('scores the data of its fit by the split of its fit, whatever is said of them later', async () => {
    const own = folderWith({
      ...files,
      'own.json': JSON.stringify({
        ...settings,
        linearWeight: 1,
        data: { split: { train: 0.85, validation: 0.07 } },
      }),
    });
    const args = ['forecast', '--config', 'own.json', '--data', 'load.csv', '--horizon', '6'];
    const before = await run(own, [...args, '--output', 'mine', '--quiet']);
    expect(before.stderr).toBe('');
    rmSync(join(own, 'mine/config.json'));
    const after = await run(own, ['evaluate', '--model', 'mine', '--data', 'load.csv', '--quiet']);
    expect(tableOf(after)).toBe(tableOf(before));
  });

  it('tells what it was fitted on', async () => {
    const { code, stdout } = await run(folder, ['inspect', '--model', 'first']);
    expect(code).toBe(0);
    expect(stdout).toContain('load.csv');
    const json = await run(folder, ['inspect', '--model', 'first', '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ data: expect.anything() });
  });

  it('refuses data that do not fit, in one line', async () => {
    writeFileSync(join(folder, 'other.csv'), csv(['wind'], 200));
    writeFileSync(join(folder, 'short.csv'), csv(['load', '__proto__', strange], 20));
    for (const [args, says] of [
      [['--data', 'other.csv'], /"load"/],
      [['--data', 'short.csv'], /48/],
      [['--horizon', '24'], /24.*(6|12)/],
    ] as const) {
      const { code, stdout, stderr } = await run(folder, ['predict', '--model', 'first', '--quiet', ...args]);
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });
});

describe('with covariates', () => {
  const table = (first: number, rows: number) =>
    Array.from({ length: rows }, (_, i) => {
      const row = first + i;
      const time = new Date(Date.UTC(2020, 0, 1, row)).toISOString();
      return `${time};${Math.sin(row / 4).toFixed(4)};${row % 24 < 8 ? 1 : 0}`;
    });
  const named = (lines: readonly string[], id: string) => lines.map((line) => `${id};${line}`);
  const header = 'date;load;closed';
  const given = folderWith({
    'one.csv': [header, ...table(0, 300)].join('\n'),
    'two.csv': [`id;${header}`, ...named(table(0, 300), 'a'), ...named(table(5, 300), 'b')].join('\n'),
    'next.csv': [header, ...table(300, 6)].join('\n'),
    'late.csv': [header, ...table(400, 6)].join('\n'),
  });
  const fitTo = (output: string, ...args: readonly string[]) =>
    run(given, [
      'forecast',
      ...['--output', output, '--horizon', '6', '--context-length', '24', '--linear-weight', '1'],
      ...['--covariates', 'closed', '--delimiter', ';', '--quiet', ...args],
    ]);
  const predict = (model: string, future: string) =>
    run(given, ['predict', '--model', model, '--future', future, '--quiet']);

  it('reads the rows to come as the data of the fit, and refuses those of other times', async () => {
    expect((await fitTo('one', '--data', 'one.csv')).stderr).toBe('');
    const { code, stdout, stderr } = await predict('one', 'next.csv');
    expect({ code, stderr, lines: stdout.trimEnd().split('\n').length }).toEqual({
      code: 0,
      stderr: '',
      lines: 7,
    });
    const late = await predict('one', 'late.csv');
    expect(late.stderr).toMatch(/^error: .*2020-01-17T16:00:00.*2020-01-13T12:00:00[^\n]*\n$/);
  });

  it('says of several series at once that they come one at a time', async () => {
    expect((await fitTo('two', '--data', 'two.csv', '--id-column', 'id')).stderr).toBe('');
    expect((await predict('two', 'next.csv')).stderr).toMatch(/^error: .*one at a time[^\n]*\n$/);
  });
});

it('lists its commands, flags, version and backends', async () => {
  const help = await run(folder, ['--help']);
  const commands = ['forecast', 'classify', 'regress', 'predict', 'evaluate', 'embed', 'backtest', 'export'];
  for (const command of [...commands, 'inspect', 'backends']) {
    expect(help.stdout).toContain(command);
  }
  const flags = await run(folder, ['forecast', '--help']);
  for (const flag of ['--checkpoint', '--horizon', '--id-column', '--adapt', '--audit', 'Examples:']) {
    expect(flags.stdout).toContain(flag);
  }
  expect((await run(folder, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
  expect((await run(folder, ['backends'])).stdout).toMatch(/^onnx-cpu \(default\) .* runs here$/m);
});

/** The tables of errors, without the time it took. */
function tableOf({ stdout }: Ended): string {
  return stdout.slice(stdout.indexOf('next ')).split('\n\nforecaster')[0]!.trimEnd();
}
