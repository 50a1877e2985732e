import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram, csv, folderWith, quick, run, start } from './support/program.ts';

const strange = '<script>alert(1)</script>';
const columns = ['load', '__proto__', 'constant', strange];
const data = csv(columns, 500, (row, column) =>
  column === 2
    ? '7'
    : row % 61 === 5
      ? ''
      : (column + Math.sin((2 * Math.PI * row) / (12 + 5 * column))).toFixed(5),
);
const files = {
  'load.csv': data,
  'run.json': JSON.stringify({ validationSeries: 16, validateEvery: 50, galleryWindows: 4 }),
};
const flags = ['--config', 'run.json', '--data', 'load.csv', ...quick];

beforeAll(buildProgram);

describe('patchbert-pretrain', () => {
  it('pretrains on a CSV file and leaves a complete run folder', async () => {
    const folder = folderWith(files);
    const { code, stdout, stderr } = await run(folder, [...flags, '--steps', '6', '--output', 'first']);
    expect(stderr).not.toMatch(/^(error|warning)/m);
    expect(code).toBe(0);
    expect(stderr).toContain('500 rows of 4 channels');
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
    const page = readFileSync(join(folder, 'first/report.html'), 'utf8');
    expect(page).toContain('</html>');
    expect(page).toContain('__proto__');
    expect(page).not.toContain('<script');
  });

  it('gives the same bits for the same seed, others for another, from flags or from the config of the run', async () => {
    const folder = folderWith(files);
    const steps = ['--steps', '5', '--quiet'];
    await run(folder, [...flags, ...steps, '--output', 'a']);
    await run(folder, [...flags, ...steps, '--output', 'b', '--seed', '1']);
    const { code } = await run(folder, ['--config', 'a/config.json', '--output', 'c', '--quiet']);
    expect(code).toBe(0);
    const [a, b, c] = ['a', 'b', 'c'].map((name) => checkpoint(join(folder, name), 5));
    expect(c).toEqual(a);
    expect(b).not.toEqual(a);
  });

  it('saves on Ctrl-C, and resumes to the bits of a run that was never stopped', async () => {
    const folder = folderWith(files);
    const steps = ['--steps', '300'];
    const running = start(folder, [...flags, ...steps, '--output', 'stopped']);
    await running.says('step 1 of 300');
    running.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped.stderr).toContain('interrupted');
    expect(stopped.stdout).toMatch(/stopped after step \d+ of 300/);
    expect(stopped.stdout).toContain('patchbert-pretrain --resume stopped');
    expect(stopped.code).toBe(130);
    const resumed = await run(folder, ['--resume', 'stopped']);
    expect(resumed.stderr).toMatch(/resumed after step \d+/);
    expect(resumed.code).toBe(0);
    await run(folder, [...flags, ...steps, '--quiet', '--output', 'whole']);
    expect(checkpoint(join(folder, 'stopped'), 300)).toEqual(checkpoint(join(folder, 'whole'), 300));
  });

  it('grows a finished run to the bits of a longer one when its schedule was laid out for that', async () => {
    const folder = folderWith(files);
    const planned = [...flags, '--schedule-steps', '6', '--quiet'];
    await run(folder, [...planned, '--steps', '3', '--output', 'short']);
    await run(folder, [...planned, '--steps', '6', '--output', 'long']);
    const refused = await run(folder, ['--resume', 'short', '--steps', '7']);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error: .*schedule/);
    const { code } = await run(folder, ['--resume', 'short', '--steps', '6', '--quiet']);
    expect(code).toBe(0);
    expect(checkpoint(join(folder, 'short'), 6)).toEqual(checkpoint(join(folder, 'long'), 6));
  });

  it('ends a finished run at once when it is resumed, with its result', async () => {
    const folder = folderWith(files);
    await run(folder, [...flags, '--steps', '4', '--output', 'done', '--quiet']);
    const { code, stdout } = await run(folder, ['--resume', 'done', '--quiet']);
    expect(code).toBe(0);
    expect(stdout).toContain('linear interpolation');
  });

  it('prints one JSON object per line with --json', async () => {
    const folder = folderWith(files);
    const { code, stdout, stderr } = await run(folder, [
      ...flags,
      '--epochs',
      '0.02',
      '--json',
      '--output',
      'json',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    expect(events[0]).toMatchObject({ type: 'prepared', channels: columns });
    expect(events.filter(({ type }) => type === 'step').length).toBeGreaterThan(0);
    expect(events.at(-1)).toMatchObject({ type: 'result', status: 'finished', report: 'json/report.html' });
  });

  it('warns of holes in time and of too many threads, and takes rows as they stand when asked', async () => {
    const times = (hour: number) =>
      new Date(Date.UTC(2024, 0, 1, hour > 200 ? hour + 5 : hour)).toISOString();
    const lines = Array.from({ length: 500 }, (_, hour) => `${times(hour)},${Math.sin(hour / 4)}`);
    const folder = folderWith({
      'holes.csv': `${['date,load', ...lines].join('\n')}\n`,
      'repeats.csv': `${[...lines.slice(0, 100), ...lines.slice(99)].join('\n')}\n`,
    });
    const short = [...quick, '--preset', 'tiny', '--steps', '1', '--backend', 'tfjs-cpu'];
    const holes = await run(folder, ['--data', 'holes.csv', ...short, '--threads', '4096']);
    expect(holes.stderr).toContain('1 of 499 steps between time stamps are not the usual 3600 s');
    expect(holes.stderr).toContain('4096 threads');
    expect(holes.code).toBe(0);
    const repeats = ['--data', 'repeats.csv', '--no-header', ...short];
    expect((await run(folder, repeats)).stderr).toMatch(/^error: .*repeats/);
    expect((await run(folder, [...repeats, '--time-order', 'any'])).code).toBe(0);
  });

  it('names its own folder and says nothing but the result with --quiet', async () => {
    const folder = folderWith(files);
    const { stdout, stderr } = await run(folder, [
      ...flags,
      '--backend',
      'tfjs-cpu',
      '--minutes',
      '0.02',
      '--quiet',
    ]);
    expect(stderr).toBe('');
    const [name] = readdirSync(join(folder, 'runs'));
    expect(name).toMatch(/^load-\d{8}-\d{6}$/);
    expect(stdout).toContain(`runs/${name}/report.html`);
  });

  it('lists its backends, its version and its flags', async () => {
    const folder = folderWith();
    const backends = await run(folder, ['backends']);
    expect(backends.stdout).toMatch(/^onnx-cpu \(default\) .* runs here$/m);
    expect(backends.stdout).toMatch(/^tfjs-cpu .* runs here$/m);
    expect((await run(folder, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+/);
    const help = await run(folder, ['--help']);
    for (const flag of ['--data', '--preset', '--mask-ratio', '--minutes', '--resume', '--config']) {
      expect(help.stdout).toContain(flag);
    }
    expect([backends, help].map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      Array(2).fill({ code: 0, stderr: '' }),
    );
  });
});

function checkpoint(runFolder: string, step: number): readonly Buffer[] {
  const folder = join(runFolder, 'checkpoints', `step-${String(step).padStart(8, '0')}`);
  return ['model.safetensors', 'optimizer.safetensors'].map((name) => readFileSync(join(folder, name)));
}
