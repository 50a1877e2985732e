import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, csv, folderWith, quick, run, start } from './support/program.ts';

/** A long table: cases of their own lengths, one with a gap, a class and a column that names a person. */
function cases(count: number, label = 'kind'): string {
  const lines = Array.from({ length: count }, (_, s) =>
    Array.from({ length: 12 + (s % 5) }, (_, t) => {
      const x = s === 3 && t === 4 ? '' : Math.sin(s + t / (1 + (s % 2))).toFixed(4);
      return [`case ${s}`, t, x, (s + t) % 7, s % 2 === 0 ? '0' : '1'].join(',');
    }),
  ).flat();
  return `${['case', 'time', 'x', 'y', label].join(',')}\n${lines.join('\n')}\n`;
}

const table = ['--data', 'cases.csv', '--id-column', 'case', '--label-column', 'kind'];
const tiny = ['--width', '8', '--layers', '1', '--heads', '2', '--batch-size', '8', '--seed', '3'];
const flags = [...table, ...tiny];

beforeAll(buildProgram);

describe('patchbert-pretrain series', () => {
  it('pretrains on the series of a table, without its labels, and leaves a complete run folder', async () => {
    const folder = folderWith({ 'cases.csv': cases(60) });
    const { code, stdout, stderr } = await run(folder, [
      'series',
      ...flags,
      '--steps',
      '6',
      '--spectrum-weight',
      '0.1',
      '--output',
      'first',
    ]);
    expect(stderr).not.toMatch(/^(error|warning)/m);
    expect(code).toBe(0);
    expect(stderr).toContain('60 series of 12 to 16 points, 2 channels; 6 held out');
    expect(stderr).toMatch(/step 6 of 6 {2}100 % {2}loss [\d.]+ {2}[\d,]+ series\/s/);
    for (const method of ['model', 'window mean', 'last value carried forward', 'linear interpolation']) {
      expect(stdout).toMatch(new RegExp(`^${method} +[\\d.]+ +[\\d.]+ +\\d+ %$`, 'm'));
    }
    expect(stdout).toContain('first/report.html');
    expect(readdirSync(join(folder, 'first')).sort()).toEqual([
      'checkpoints',
      'config.json',
      'environment.json',
      'evaluation.json',
      'gallery.json',
      'metrics.jsonl',
      'receipt.json',
      'report.html',
    ]);
    const config = json(folder, 'first/config.json');
    expect(config).toMatchObject({
      seed: 3,
      data: { source: 'cases.csv', idColumn: 'case' },
      model: { width: 8, length: 16 },
      pretraining: { losses: { spectrum: 0.1 }, training: { steps: 6, batchSize: 8 } },
    });
    expect(json(folder, 'first/receipt.json')).toMatchObject({
      command: expect.stringContaining('patchbert-pretrain series --data cases.csv'),
      data: { channels: [{ name: 'x', missing: 1 }, { name: 'y' }], labels: 'never read' },
    });
    const page = readFileSync(join(folder, 'first/report.html'), 'utf8').replace(/\s+/g, ' ');
    expect(page).toContain('60 series of 12 to 16 points');
    expect(page).toContain('series never trained on');
    // Other labels, the same bits.
    writeFileSync(join(folder, 'cases.csv'), cases(60).replace(/,[01]$/gm, ',?'));
    await run(folder, ['series', '--config', 'first/config.json', '--output', 'second', '--quiet']);
    expect(checkpoint(join(folder, 'second'), 6)).toEqual(checkpoint(join(folder, 'first'), 6));
  });

  it('saves on Ctrl-C, and resumes to the bits of a run that was never stopped', async () => {
    const folder = folderWith({ 'cases.csv': cases(20) });
    const steps = ['--steps', '250'];
    const running = start(folder, ['series', ...flags, ...steps, '--output', 'stopped']);
    await running.says('step 1 of 250');
    running.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped.stdout).toMatch(/stopped after step \d+ of 250/);
    expect(stopped.stdout).toContain('patchbert-pretrain series --resume stopped');
    expect(stopped.code).toBe(130);
    const plain = await run(folder, ['--resume', 'stopped']);
    expect(plain).toMatchObject({ code: 2, stderr: expect.stringContaining('series --resume') });
    const resumed = await run(folder, ['series', '--resume', 'stopped']);
    expect(resumed.stderr).toMatch(/resumed after step \d+/);
    expect(resumed.stdout).toContain('scored on the training series themselves');
    expect(resumed.code).toBe(0);
    await run(folder, ['series', ...flags, ...steps, '--quiet', '--output', 'whole']);
    expect(checkpoint(join(folder, 'stopped'), 250)).toEqual(checkpoint(join(folder, 'whole'), 250));
  });

  it('takes windows of long recordings as series', async () => {
    const folder = folderWith({ 'load.csv': csv(['load', 'wind'], 400) });
    const windows = [
      'series',
      '--data',
      'load.csv',
      '--window',
      '24',
      '--stride',
      '6',
      ...tiny,
      '--steps',
      '3',
    ];
    const { code, stdout } = await run(folder, [...windows, '--json', '--output', 'windows']);
    expect(code).toBe(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events[0]).toMatchObject({ type: 'prepared', series: 63, heldOutSeries: 6, trainSeries: 54 });
    expect(events.at(-1)).toMatchObject({
      type: 'result',
      status: 'finished',
      report: 'windows/report.html',
    });
    expect((await run(folder, ['series', '--resume', 'windows', '--quiet'])).code).toBe(0);
  });

  it('reads the bundled data set by default, and learns by contrast alone when asked', async () => {
    const folder = folderWith();
    const contrast = ['--reconstruction-weight', '0', '--instance-contrast-weight', '1', '--no-augment'];
    const { code, stdout, stderr } = await run(folder, ['series', ...tiny, ...contrast, '--steps', '2']);
    expect({ code, error: /^error.*/m.exec(stderr)?.[0] }).toEqual({ code: 0 });
    expect(stderr).toContain('270 series of 7 to 26 points, 12 channels');
    expect(stdout).toContain('learned by contrast alone');
    const [name] = readdirSync(join(folder, 'runs'));
    expect(name).toMatch(/^JapaneseVowels-/);
    const { augmentation } = (
      json(folder, `runs/${name}/config.json`) as { pretraining: { augmentation: object } }
    ).pretraining;
    expect(augmentation).toMatchObject({ timeWarp: false, jitter: 0 });
  });

  it('says in one line what is wrong, before it writes anything', async () => {
    const folder = folderWith({
      'cases.csv': cases(8),
      'load.csv': csv(['load'], 100),
      'run.json': '{"pretraining":{"maskRatoi":0.5}}',
      'empty.ts': '@data\n',
    });
    const refused: readonly [readonly string[], number, RegExp][] = [
      [['--data', 'JapaneseVowel'], 1, /Did you mean "JapaneseVowels"\?/],
      [['--data', 'ETTh1'], 1, /one long recording.*|ETTh1/],
      [['--data', 'cases.csv'], 1, /--id-column/],
      [[...table.slice(0, 4), '--label-column', 'knid'], 1, /no column "knid". Did you mean "kind"\?/],
      [['--data', 'nowhere.ts'], 1, /nowhere\.ts/],
      [['--data', 'empty.ts'], 1, /empty\.ts/],
      [[...flags, '--patch-length', '40'], 1, /--patch-length: patches of 40 points do not fit/],
      [[...flags, '--patch-length', '4', '--patch-stride', '5'], 1, /--patch-stride: a stride of 5/],
      [[...flags, '--width', '9'], 1, /--(width|heads)|heads/],
      [['--reconstruction-weight', '0', '--instance-contrast-weight', '0'], 1, /weight/],
      [['--mask-ratio', '1'], 1, /--mask-ratio/],
      [['--mask-ratio', '1.5'], 2, /--mask-ratio/],
      [['--stride', '5'], 1, /--stride: expected a window too/],
      [['--data', 'load.csv', '--window', '200'], 1, /no window of 200 rows/],
      [['--data', 'load.csv', '--window', '20', '--label-column', 'x'], 1, /--label-column does not go with/],
      [['--config', 'run.json'], 1, /maskRatio/],
      [['--resume', 'nowhere'], 1, /nowhere/],
      [['--resume', 'nowhere', '--width', '8'], 2, /--width cannot be combined with --resume/],
      [['--chanels', 'mixed'], 2, /Did you mean --channels\?/],
      [['--backend', 'onnx-cpuu'], 1, /onnx-cpu/],
      [['something'], 2, /too many arguments|something/],
    ];
    for (const [args, code, says] of refused) {
      const ended = await run(folder, ['series', ...args]);
      expect({ args, code: ended.code, stdout: ended.stdout }).toEqual({ args, code, stdout: '' });
      expect(ended.stderr).toMatch(/^error: [^\n]*\n$/);
      expect(ended.stderr).toMatch(says);
    }
    const early = await run(folder, ['--steps', '3', 'series']);
    expect(early).toMatchObject({
      code: 2,
      stderr: 'error: --steps stands before "series"; put it behind.\n',
    });
    expect(readdirSync(folder).sort()).toEqual(['cases.csv', 'empty.ts', 'load.csv', 'run.json']);
  });

  it('is told from a run on long recordings', async () => {
    const folder = folderWith({ 'load.csv': csv(['load'], 300), 'few.json': '{"validationSeries":8}' });
    const pretrain = [
      '--data',
      'load.csv',
      '--config',
      'few.json',
      ...quick,
      '--steps',
      '1',
      '--output',
      'long',
    ];
    expect((await run(folder, [...pretrain, '--spectrum-weight', '0.5'])).code).toBe(0);
    expect(json(folder, 'long/config.json')).toMatchObject({ spectrumWeight: 0.5 });
    const { code, stderr } = await run(folder, ['series', '--resume', 'long']);
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('long recordings') });
  });
});

function json(folder: string, path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

function checkpoint(runFolder: string, step: number): readonly Buffer[] {
  const folder = join(runFolder, 'checkpoints', `step-${String(step).padStart(8, '0')}`);
  return ['model.safetensors', 'optimizer.safetensors'].map((name) => readFileSync(join(folder, name)));
}
