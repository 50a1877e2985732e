import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, type Ended, folderWith, run, start } from './support/program.ts';
import { long, tiny, ts, waves } from './support/series-files.ts';

const [train, test] = [waves(24), waves(12, 24)];
const names = ['<script>alert(1)</script>', '__proto__'] as const;
const files = {
  'waves_TRAIN.ts': ts(train),
  'waves_TEST.ts': ts(test),
  'unlabelled.ts': ts(test, 'none'),
  'run.json': JSON.stringify({ ...tiny, data: { train: 'waves_TRAIN.ts', test: 'waves_TEST.ts' } }),
};

let folder = '';
let fitted: Ended;
beforeAll(async () => {
  buildProgram();
  folder = folderWith(files);
  fitted = await run(folder, ['classify', '--config', 'run.json', '--output', 'first']);
}, 120_000);

const predicted = ({ stdout }: Ended) => stdout.trimEnd().split('\n').slice(1);

describe('patchbert-finetune classify', () => {
  it('pretrains, fine-tunes and leaves a classifier with scores, receipt and report', () => {
    expect(fitted.stderr).not.toMatch(/^error/m);
    expect(fitted.code).toBe(0);
    expect(fitted.stderr).toMatch(
      /24 training series of 20 to 28 points, 12 test series; 2 channels, 2 classes/,
    );
    for (const method of [
      'network',
      'frozen encoder + ridge',
      'from scratch, same compute',
      'majority class',
    ]) {
      expect(fitted.stdout).toMatch(new RegExp(`^${method.replace('+', '\\+')} +[01]\\.\\d{3} +[01]`, 'm'));
    }
    expect(fitted.stdout).toContain('of 12 right');
    expect(readdirSync(join(folder, 'first'))).toEqual(
      expect.arrayContaining([
        'classifier.json',
        'config.json',
        'predictions.json',
        'receipt.json',
        'report.html',
      ]),
    );
    const page = readFileSync(join(folder, 'first/report.html'), 'utf8');
    expect(page).toContain('Classifying waves_TRAIN.ts');
    expect(page).not.toContain('<script');
    const { command, data } = JSON.parse(readFileSync(join(folder, 'first/receipt.json'), 'utf8')) as {
      command: string;
      data: { files: { path: string }[] };
    };
    expect(command).toBe('patchbert-finetune classify --config run.json --output first');
    expect(data.files.map(({ path }) => path)).toEqual(['waves_TRAIN.ts', 'waves_TEST.ts']);
  });

  it('repeats itself from its own configuration', async () => {
    const again = await run(folder, [
      'classify',
      '--config',
      'first/config.json',
      '--output',
      'again',
      '--quiet',
    ]);
    expect(again.stderr).toBe('');
    expect(tableOf(again)).toBe(tableOf(fitted));
    expect(readFileSync(join(folder, 'again/predictions.json'))).toEqual(
      readFileSync(join(folder, 'first/predictions.json')),
    );
  });

  it('reads few labels, strange names of classes, and prints JSON lines', async () => {
    const own = folderWith({ ...files, 'a.ts': ts(train, 'class', names), 'b.ts': ts(test, 'class', names) });
    const args = [
      'classify',
      '--config',
      'run.json',
      '--train',
      'a.ts',
      '--test',
      'b.ts',
      '--adapt',
      'ridge',
    ];
    const { code, stdout, stderr } = await run(own, [
      ...args,
      ...['--labels-per-class', '2', '--no-control', '--no-baselines', '--json', '--output', 'm'],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events.at(-1)).toMatchObject({ type: 'result', folder: 'm', results: [{ kind: 'ours' }] });
    expect(events.at(-1)).toMatchObject({ results: { length: 1 } });
    expect(JSON.parse(readFileSync(join(own, 'm/receipt.json'), 'utf8'))).toMatchObject({ labelled: 4 });
    expect(readFileSync(join(own, 'm/report.html'), 'utf8')).not.toContain('<script');
    const csv = await run(own, ['predict', '--model', 'm', '--quiet']);
    expect(csv.stdout.split('\n')[0]).toBe(`id,label,p.${names[0]},p.${names[1]}`);
  });

  it('chooses among candidates on folds of the training series', async () => {
    const candidates = {
      frozen: { adapt: 'ridge' },
      'long patches': { adapt: 'ridge', model: { patchLength: 8 } },
    };
    const config = { ...tiny, data: { train: 'waves_TRAIN.ts' }, candidates, baselines: false };
    writeFileSync(join(folder, 'choose.json'), JSON.stringify(config));
    const args = ['classify', '--config', 'choose.json', '--cross-validate', '3', '--output', 'chosen'];
    const { code, stdout, stderr } = await run(folder, args);
    expect(code).toBe(0);
    expect(stderr).toContain('there are no test series');
    expect(stdout).toMatch(/^3 folds +accuracy/m);
    const [, label] = /^(frozen|long patches) .* chosen$/m.exec(stdout) ?? [];
    const { config: kept } = JSON.parse(readFileSync(join(folder, 'chosen/classifier.json'), 'utf8')) as {
      config: { model: { patchLength?: number } };
    };
    expect(kept.model.patchLength).toBe(label === 'frozen' ? undefined : 8);
    expect(readFileSync(join(folder, 'chosen/report.html'), 'utf8')).toContain('long patches');
  });

  it('leaves nothing when it is stopped', async () => {
    const slow = { ...tiny, pretraining: { training: { steps: 20_000, batchSize: 8 } } };
    const stopped = folderWith({ ...files, 'slow.json': JSON.stringify(slow) });
    const args = ['classify', '--config', 'slow.json', '--train', 'waves_TRAIN.ts', '--output', 'late'];
    const running = start(stopped, args);
    await running.says('step 1 of 20,000');
    running.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('nothing was saved');
    expect(existsSync(join(stopped, 'late'))).toBe(false);
  });
});

describe('with a classifier', () => {
  const predict = (...args: readonly string[]) =>
    run(folder, ['predict', '--model', 'first', '--quiet', ...args]);

  it('predicts as the fit did, without reading labels', async () => {
    const [own, unlabelled, labelled] = await Promise.all([
      predict(),
      predict('--data', 'unlabelled.ts'),
      predict('--data', 'waves_TEST.ts'),
    ]);
    expect(own.code).toBe(0);
    expect(own.stdout.split('\n')[0]).toBe('id,label,p.fast,p.slow');
    expect(predicted(own)).toHaveLength(12);
    expect(unlabelled.stdout).toBe(own.stdout);
    expect(labelled.stdout).toBe(own.stdout);
    const stored = JSON.parse(readFileSync(join(folder, 'first/predictions.json'), 'utf8')) as object[];
    const json = await predict('--format', 'json');
    const { classes, predictions } = JSON.parse(json.stdout) as { classes: string[]; predictions: object[] };
    expect(classes).toEqual(['fast', 'slow']);
    expect(predictions).toEqual(stored.map(({ truth: _truth, ...one }: { truth?: string }) => one));
  });

  it('predicts one series as among others, and padding changes nothing', async () => {
    writeFileSync(join(folder, 'one.ts'), ts(test.slice(4, 5), 'none'));
    const padded = test.map((wave) => ({
      ...wave,
      values: wave.values.map((column) => [...column, ...Array(40 - column.length).fill(null)]),
    }));
    writeFileSync(join(folder, 'padded.ts'), ts(padded, 'none'));
    const [all, one, wide] = await Promise.all([
      predict(),
      predict('--data', 'one.ts'),
      predict('--data', 'padded.ts'),
    ]);
    expect(predicted(one)[0]!.replace(/^1,/, '')).toBe(predicted(all)[4]!.replace(/^5,/, ''));
    expect(wide.stdout).toBe(all.stdout);
  });

  it('scores, embeds, tells what it was fitted on, and writes to a new file only', async () => {
    const evaluated = await run(folder, [
      'evaluate',
      '--model',
      'first',
      '--data',
      'waves_TEST.ts',
      '--quiet',
    ]);
    expect(evaluated.stderr).toBe('');
    const cells = (line: string | undefined) => line?.trim().split(/ {2,}/);
    expect(cells(evaluated.stdout.split('\n')[1])).toEqual(cells(tableOf(fitted).split('\n')[1]));
    const embedded = await run(folder, ['embed', '--model', 'first', '--format', 'json', '--quiet']);
    const lines = embedded.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { embedding: number[] });
    expect(new Set(lines.map(({ embedding }) => embedding.length)).size).toBe(1);
    expect(lines).toHaveLength(12);
    const table = await run(folder, ['embed', '--model', 'first', '--quiet', '--output', 'vectors.csv']);
    expect(table.stdout).toBe('');
    expect(readFileSync(join(folder, 'vectors.csv'), 'utf8')).toMatch(/^id,f1,f2,/);
    await run(folder, ['embed', '--model', 'first', '--quiet', '--output', 'vectors.safetensors']);
    const [head] = readFileSync(join(folder, 'vectors.safetensors'), 'utf8').split('}}', 1);
    expect(head).toContain(`"shape":[12,${lines[0]!.embedding.length}]`);
    const windows = await run(folder, ['embed', '--model', 'first', '--level', 'patch']);
    expect(windows.stderr).toMatch(/^error: --level does not apply: "first" reads whole series[^\n]*\n$/);
    const receipt = await run(folder, ['inspect', '--model', 'first']);
    expect(receipt.stdout).toContain('waves_TRAIN.ts');
    const exported = await run(folder, ['export', '--model', 'first']);
    expect(exported.stdout).toMatch(/^first\.onnx: /);
    expect(exported.stdout).toContain('out  probabilities  float32 [batch, 2]');
    expect(exported.stdout).toContain('patchbert.classes');
  });

  it('refuses what belongs to a forecaster, and other series', async () => {
    writeFileSync(join(folder, 'other.csv'), long(test, ['x']));
    for (const [args, says] of [
      [['predict', '--horizon', '3'], /--horizon does not apply/],
      [['predict', '--no-header'], /--no-header does not apply/],
      [['evaluate', '--split', 'test'], /--split does not apply/],
      [['export', '--output', 'x.onnx', '--horizon', '3'], /--horizon does not apply/],
      [['backtest'], /expected a forecaster/],
      [['evaluate', '--data', 'unlabelled.ts'], /label/],
      [
        ['predict', '--data', 'other.csv', '--id-column', 'machine', '--time-column', 'step'],
        /1 channel .*2 channels/,
      ],
    ] as const) {
      const { code, stdout, stderr } = await run(folder, [args[0], '--model', 'first', ...args.slice(1)]);
      expect(stderr.split('\n').filter((line) => line !== '')).toHaveLength(1);
      expect(stderr).toMatch(says);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });
});

it('reads long tables, and again as they were read, labels or not', async () => {
  const own = folderWith({
    'machines.csv': long(train),
    'new.csv': long(test, ['y', 'x']),
    'run.json': JSON.stringify({ ...tiny, adapt: 'ridge', control: false }),
  });
  const columns = ['--id-column', 'machine', '--time-column', 'step', '--label-column', 'state'];
  const fit = ['classify', '--config', 'run.json', '--train', 'machines.csv', ...columns];
  const { stderr } = await run(own, [...fit, '--output', 'm', '--quiet']);
  expect(stderr).toBe('');
  const csv = await run(own, ['predict', '--model', 'm', '--data', 'new.csv', '--quiet']);
  expect(csv.stderr).toBe('');
  expect(predicted(csv).map((line) => line.split(',')[0])).toEqual(test.map(({ id }) => id));
});

it('reads a file of another format as that format, and tells of series that are cut', async () => {
  const tsv = (points: number) =>
    Array.from({ length: 8 }, (_, i) =>
      [i % 2, ...Array.from({ length: points }, (_, t) => Math.sin((t + i) * (i % 2 ? 0.3 : 0.9)))].join(
        '\t',
      ),
    ).join('\n');
  const table = (rows: string) =>
    `id,value,class\n${rows
      .split('\n')
      .flatMap((row, i) => {
        const [label, ...values] = row.split('\t');
        return values.map((value) => `${i + 1},${value},${label}`);
      })
      .join('\n')}\n`;
  const own = folderWith({
    'a.csv': table(tsv(20)),
    'b.tsv': tsv(20),
    'bare.tsv': tsv(20).replaceAll(/^\d\t/gm, ''),
    'long.tsv': tsv(30),
    'run.json': JSON.stringify({ ...tiny, adapt: 'ridge', control: false }),
  });
  const fit = ['classify', '--config', 'run.json', '--train', 'a.csv', '--id-column', 'id', '--output', 'm'];
  expect((await run(own, [...fit, '--quiet'])).stderr).toBe('');
  const unsaid = await run(own, ['predict', '--model', 'm', '--data', 'b.tsv']);
  expect(unsaid.code).toBe(1);
  expect(unsaid.stderr).toContain('"0" may be a label or the first point; set --series-format to "ucr" if');
  const labelled = ['--series-format', 'ucr', '--quiet'];
  const same = await run(own, ['predict', '--model', 'm', '--data', 'b.tsv', ...labelled]);
  expect(same.stderr).toBe('');
  expect(same.stdout).toBe((await run(own, ['predict', '--model', 'm', '--quiet'])).stdout);
  const points = ['--series-format', 'ucr-unlabelled', '--quiet'];
  const bare = await run(own, ['predict', '--model', 'm', '--data', 'bare.tsv', ...points]);
  expect(bare.stdout).toBe(same.stdout);
  const longer = await run(own, ['predict', '--model', 'm', '--data', 'long.tsv', '--series-format', 'ucr']);
  expect(longer.stderr).toContain('8 series are longer than the 20 points of the model');
});

it('regresses a number per series', async () => {
  const own = folderWith({
    'a.ts': ts(train, 'value'),
    'b.ts': ts(test, 'value'),
    'run.json': JSON.stringify({ ...tiny, members: 2 }),
  });
  const args = ['regress', '--config', 'run.json', '--train', 'a.ts', '--test', 'b.ts', '--output', 'm'];
  const { code, stdout } = await run(own, args);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ensemble of 2 +\d/m);
  expect(stdout).toMatch(/^mean value +\d/m);
  expect(readFileSync(join(own, 'm/report.html'), 'utf8')).toContain('Root mean squared error');
  const csv = await run(own, ['predict', '--model', 'm', '--quiet']);
  expect(csv.stdout).toMatch(/^id,value\n1,\d+\.\d+\n/);
});

it('writes values far from 0 with the digits that tell them apart', async () => {
  const far = (waves: typeof train) => ts(waves, 'value').replace(/:(\d\d\.5)$/gm, ':17000000$1');
  const settings = { ...tiny, adapt: 'ridge', control: false };
  const own = folderWith({ 'a.ts': far(train), 'b.ts': far(test), 'run.json': JSON.stringify(settings) });
  await run(own, ['regress', '--config', 'run.json', '--train', 'a.ts', '--test', 'b.ts', '--output', 'm']);
  const stored = JSON.parse(readFileSync(join(own, 'm/predictions.json'), 'utf8')) as { value: number }[];
  const csv = await run(own, ['predict', '--model', 'm', '--quiet']);
  predicted(csv).forEach((line, i) => {
    expect(Number(line.split(',')[1])).toBeCloseTo(stored[i]!.value, 4);
  });
});

/** The table of scores, without what it took. */
function tableOf({ stdout }: Ended): string {
  return stdout.split('\n\nclassifier')[0]!.trim();
}
