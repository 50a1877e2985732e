import { mkdirSync, mkdtempSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  chooseOutputFolder,
  formatDuration,
  parseSettings,
  readJsonFile,
  recordedBackend,
  statusLine,
  table,
  threadAdvice,
} from '@patchbert/command-line';
import { expect, test } from 'vitest';

const newFolder = () => mkdtempSync(join(tmpdir(), 'patchbert-command-line-'));

test('a terminal gets one line that changes, all else plain lines', () => {
  const written = (isTTY: boolean) => {
    let text = '';
    const status = statusLine({
      isTTY,
      columns: 11,
      write(part) {
        text += part;
      },
    });
    status.show(() => 'step 1 of many', true);
    status.say('hello');
    status.show(() => 'step 2', true);
    status.close();
    return text;
  };
  expect(written(false)).toBe('step 1 of many\nhello\nstep 2\n');
  const erase = '\r\u001b[2K';
  expect(written(true)).toBe(`step 1 of ${erase}hello\nstep 1 of ${erase}step 2${erase}`);
});

test('tables align text to the left and numbers to the right', () => {
  expect(
    table(
      [
        ['method', 'mse'],
        ['last value', '1.25'],
        ['a', '10.25'],
      ],
      [1],
    ),
  ).toBe('method         mse\nlast value    1.25\na            10.25');
});

test('durations are short', () => {
  expect([4, 185, 7800, Number.NaN].map(formatDuration)).toEqual(['4 s', '3 min 05 s', '2 h 10 min', '?']);
});

test('an output folder is new or empty, and nothing is created', async () => {
  const folder = newFolder();
  mkdirSync(join(folder, 'full/notes'), { recursive: true });
  writeFileSync(join(folder, 'file'), '');
  expect(await chooseOutputFolder(join(folder, 'a/b'), 'x')).toBe(join(folder, 'a/b'));
  await expect(chooseOutputFolder(join(folder, 'full'), 'x', 'or resume it')).rejects.toThrow(
    /not empty .*choose a new folder, or resume it\.$/,
  );
  await expect(chooseOutputFolder(join(folder, 'file/a'), 'x')).rejects.toThrow('is a file');
  expect(await chooseOutputFolder(undefined, '/data/my load.csv')).toMatch(/^runs\/my-load-\d{8}-\d{6}$/);
  expect(readdirSync(folder).sort()).toEqual(['file', 'full']);
});

test('an output folder has a name that a system takes, whatever the data is called', async () => {
  for (const asked of ['a\0b', join(newFolder(), 'x'.repeat(4096))]) {
    await expect(chooseOutputFolder(asked, 'x')).rejects.toMatchObject({ code: 'command-line/output' });
  }
  const plain = /^runs[\\/][\w.-]{1,80}-\d{8}-\d{6}$/;
  for (const source of [
    'x'.repeat(4096),
    '../..',
    'a\0b\n\u001b[31m.csv',
    'C:\\con.csv',
    '__proto__',
    'con',
  ]) {
    expect(await chooseOutputFolder(undefined, source)).toMatch(plain);
  }
});

test('a configuration file names a key once, is not ten thousand levels deep and not a hundred megabytes', async () => {
  const folder = newFolder();
  const path = join(folder, 'c.json');
  writeFileSync(path, '{"steps":1,"steps":2}');
  await expect(readJsonFile('--config', path)).rejects.toThrow('names "steps" twice in one object');
  writeFileSync(path, '['.repeat(10_000));
  await expect(readJsonFile('--config', path)).rejects.toThrow('more than 100 levels deep');
  truncateSync(path, 100_000_000);
  await expect(readJsonFile('--config', path)).rejects.toThrow('it has 100000000 bytes');
});

test('a configuration file is JSON, and its errors name flags', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.json'), '\uFEFF{"steps": 3}');
  writeFileSync(join(folder, 'b.json'), '{"steps": 3');
  expect(await readJsonFile('--config', join(folder, 'a.json'))).toEqual({ steps: 3 });
  await expect(readJsonFile('--config', join(folder, 'b.json'))).rejects.toThrow('not JSON');
  await expect(readJsonFile('--config', folder)).rejects.toThrow('--config');
  const schema = {
    safeParse: () => ({
      success: false as const,
      error: { issues: [{ message: 'too small', path: ['steps'] }] },
    }),
  };
  expect(() => parseSettings(schema, {}, () => '--steps')).toThrow(/^--steps: too small$/);
  expect(() => parseSettings(schema, {}, () => undefined)).toThrow(/^"steps": too small$/);
});

test('backends are listed, remembered, and not drowned in threads', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'environment.json'), '{"backend": "tfjs-cpu"}');
  expect(await recordedBackend(join(folder, 'environment.json'))).toEqual({ name: 'tfjs-cpu', folder });
  expect(await recordedBackend(join(folder, 'nowhere.json'))).toBeUndefined();

  expect(threadAdvice(undefined)).toBeUndefined();
  expect(threadAdvice(1)).toBeUndefined();
  expect(threadAdvice(1e6)).toContain('--threads');
});
