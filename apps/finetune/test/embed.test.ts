import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../src/index.ts';
import { buildProgram, csv, type Ended, folderWith, run, start } from './support/program.ts';

const width = 8;
const context = 48;
const rows = 600;
const wave = (row: number, column: number) => (10 * column + Math.sin(row / (2 + column))).toFixed(5);
const settings = {
  contextLength: context,
  pretraining: {
    patchLength: 8,
    model: { preset: 'tiny', width, layers: 1, heads: 2, feedForwardWidth: 16 },
    batchSize: 8,
    steps: 4,
    validationSeries: 8,
    galleryWindows: 1,
  },
};
/** A row per series and time, two series of different lengths. */
const long = `store,day,sold\n${[100, 30]
  .flatMap((days, store) =>
    Array.from({ length: days }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
      return `store ${store},${date},${wave(day, store)}`;
    }),
  )
  .join('\n')}\n`;
const files = {
  'load.csv': csv(['load', 'price'], rows, (row, column) => (row % 97 === 5 ? '' : wave(row, column))),
  'stores.csv': long,
  'run.json': JSON.stringify(settings),
};

let folder = '';
const inFolder = (name: string) => join(folder, name);
const pretrained = () => inFolder('model-pretraining');

/** The program in this process: starting it again for each of many cases takes most of their time. */
async function embed(...args: readonly string[]): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const streams = {
    stdout: {
      write(text: string) {
        stdout += text;
      },
    },
    stderr: {
      write(text: string) {
        stderr += text;
      },
    },
  };
  const code = await runCli(['embed', ...args], streams);
  return { code, stdout, stderr };
}

beforeAll(async () => {
  buildProgram();
  folder = folderWith(files);
  const args = [
    'forecast',
    '--config',
    'run.json',
    '--data',
    inFolder('load.csv'),
    '--horizon',
    '6',
    '--quiet',
  ];
  const fitted = await run(folder, [...args, '--output', 'model']);
  expect(fitted.stderr).toBe('');
}, 120_000);

interface Line {
  readonly id: string;
  readonly channel?: string;
  readonly first_row?: number;
  readonly last_row?: number;
  readonly first_time?: string;
  readonly embedding: readonly (number | null)[];
}
const linesOf = ({ stdout }: Ended) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

describe('patchbert-finetune embed', () => {
  it('embeds the data of a run, from the run, its checkpoint, and a forecaster on its encoder', async () => {
    const found = await embed('--model', pretrained(), '--format', 'json', '--quiet');
    expect(found.stderr).toBe('');
    const lines = linesOf(found);
    expect(lines).toHaveLength(2 * Math.ceil(rows / context));
    expect(lines[1]).toMatchObject({ id: 'load.csv', channel: 'price', first_row: 0, last_row: context - 1 });
    expect(lines.at(-1)).toMatchObject({ first_row: rows - context, last_row: rows - 1 });
    expect(new Set(lines.map(({ embedding }) => embedding.length))).toEqual(new Set([width]));
    const [checkpoint] = readdirSync(join(pretrained(), 'checkpoints'));
    for (const model of [join(pretrained(), 'checkpoints', checkpoint!), inFolder('model')]) {
      const other = await embed('--model', model, '--format', 'json', '--quiet');
      expect(other.stderr).toBe('');
      expect(other.stdout).toBe(found.stdout);
    }
  });

  it('says what it does, and writes the file that its name asks for, once', async () => {
    const args = [
      '--model',
      pretrained(),
      '--data',
      inFolder('load.csv'),
      '--level',
      'patch',
      '--stride',
      '100',
    ];
    for (const name of ['vectors.safetensors', 'vectors.parquet', 'vectors.csv', 'vectors.jsonl']) {
      const ended = await embed(...args, '--output', inFolder(name));
      expect(ended.code).toBe(0);
      expect(ended.stdout).toBe('');
      expect(ended.stderr).toContain(`[7, 2, 6, ${width}] in ${inFolder(name)}`);
    }
    const magic = (name: string) => readFileSync(inFolder(name)).subarray(0, 4).toString('latin1');
    expect(magic('vectors.parquet')).toBe('PAR1');
    expect(readFileSync(inFolder('vectors.safetensors'), 'utf8')).toContain('patchbert-embedding');
    expect(readFileSync(inFolder('vectors.csv'), 'utf8').split('\n')).toHaveLength(7 * 2 * 6 + 2);
    const again = await embed(...args, '--output', inFolder('vectors.csv'));
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(/^error: "[^"]*vectors.csv" is there already[^\n]*\n$/);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('embeds other data, several series of them, with channels side by side', async () => {
    const args = [
      '--model',
      inFolder('model'),
      '--data',
      inFolder('stores.csv'),
      '--id-column',
      'store',
      '--format',
      'json',
    ];
    const series = linesOf(await embed(...args, '--quiet'));
    expect(series.map(({ id, first_row, last_row }) => [id, first_row, last_row])).toEqual([
      ['store 0', 0, 47],
      ['store 0', 48, 95],
      ['store 0', 52, 99],
      ['store 1', 0, 29],
    ]);
    expect(series.map(({ channel }) => channel)).toEqual(Array(4).fill('sold'));
    expect(series[1]!.first_time).toBe('2024-02-18T00:00:00.000Z');
    const both = [
      '--model',
      inFolder('model'),
      '--data',
      inFolder('load.csv'),
      '--format',
      'json',
      '--quiet',
    ];
    const beside = await embed(...both, '--level', 'window', '--across-channels', 'concatenate');
    const alone = linesOf(await embed(...both));
    expect(linesOf(beside)[0]!.embedding).toEqual([...alone[0]!.embedding, ...alone[1]!.embedding]);
    expect(linesOf(beside)[0]).not.toHaveProperty('channel');
  });

  it.each([
    [['--level', 'patch', '--pooling', 'max'], 1, /--pooling: level "patch" keeps every patch/],
    [['--across-channels', 'mean'], 1, /--across-channels: level "series" keeps every channel/],
    [['--pooling', 'class'], 1, /without a class token; use the pooling mean, max or last/],
    [['--pooling', 'median'], 2, /median.*Did you mean "mean"/],
    [['--stride', '0'], 2, /--stride/],
    [['--horizon', '3'], 1, /has no horizon 3/],
    [['--format', 'parquet'], 2, /--format parquet is no text: name a file behind --output/],
    [['--format', 'csv', '--output', '/x.parquet'], 2, /contradict each other/],
    [['--output', '/none/x.csv'], 1, /its folder does not exist/],
    [['--label-column', 'x'], 1, /--label-column does not apply/],
    [['--data', '/none/nothing.csv'], 1, /nothing\.csv/],
    [['--channels', 'lod'], 1, /Did you mean "load"/],
  ] as const)('%j is refused in one line', async (args, code, says) => {
    const ended = await embed('--model', pretrained(), ...args);
    expect(ended.stderr).toMatch(/^error: [^\n]*\n$/);
    expect(ended.stderr).toMatch(says);
    expect(ended.stdout).toBe('');
    expect(ended.code).toBe(code);
  });

  it('says which folder it wants', async () => {
    expect((await embed()).stderr).toMatch(
      /^error: --model is missing: name the folder of a pretraining run/,
    );
    expect((await embed('--model', '/none')).stderr).toMatch(
      /^error: "\/none" does not exist; expected the folder of/,
    );
    const help = (await run(folder, ['embed', '--help'])).stdout;
    for (const flag of ['--level', '--pooling', '--across-channels', '--stride', '--format', 'Examples:']) {
      expect(help).toContain(flag);
    }
  });

  it('leaves nothing behind when it is interrupted', async () => {
    writeFileSync(join(folder, 'endless.csv'), csv(['load'], 60_000, wave));
    const args = [
      'embed',
      '--model',
      pretrained(),
      '--data',
      'endless.csv',
      '--stride',
      '1',
      '--batch-size',
      '1',
    ];
    const running = start(folder, [...args, '--output', 'endless.jsonl']);
    // Progress begins with the first batch, when there is something to clean up.
    await running.says('windows');
    const aside = () => readdirSync(folder).filter((name) => name.startsWith('.patchbert-'));
    expect(aside()).toHaveLength(1);
    running.kill('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('nothing was written.');
    expect(aside()).toEqual([]);
    expect(existsSync(join(folder, 'endless.jsonl'))).toBe(false);
  });
});
