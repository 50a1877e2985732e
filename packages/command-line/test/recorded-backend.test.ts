import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordedBackend } from '@patchbert/command-line';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'patchbert-recorded-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the backend of a run is what its folder says; a pipe, a large file and none say nothing', async () => {
  const file = (name: string) => join(folder, name);
  writeFileSync(
    file('environment.json'),
    JSON.stringify({ backend: 'tfjs-cpu', backendModule: './mine.mjs' }),
  );
  expect(await recordedBackend(file('environment.json'))).toEqual({
    name: 'tfjs-cpu',
    module: './mine.mjs',
    folder,
  });
  execFileSync('sh', ['-c', 'mkfifo "$0"', file('pipe.json')]);
  expect(await recordedBackend(file('pipe.json'))).toBeUndefined();
  writeFileSync(file('large.json'), `{"backend":"tfjs-cpu","x":"${'x'.repeat(2 ** 20)}"}`);
  expect(await recordedBackend(file('large.json'))).toBeUndefined();
  expect(await recordedBackend(file('none.json'))).toBeUndefined();
});
