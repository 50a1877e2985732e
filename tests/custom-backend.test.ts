import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './support/workspace.ts';

// As its author runs it: Node's own test runner, against the packages as built.
test('the example of a backend of one’s own passes its tests', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap'], {
    cwd: join(root, 'examples/custom-backend'),
    // Node's runner says nothing to a parent that is a test of another.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  expect(stdout).toMatch(/^# fail 0$/m);
  const [, passed] = /^# pass (\d+)$/m.exec(stdout) ?? [];
  expect(Number(passed)).toBeGreaterThan(10);
});
