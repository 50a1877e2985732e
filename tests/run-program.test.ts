import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { root } from './support/workspace.ts';

const elsewhere = realpathSync(tmpdir());

const start = `
  const { runProgram } = await import('./scripts/run-program.mjs');
  await runProgram('pretrain', 'tests/programs/echo-signals.mjs', ['--data', 'a.csv']);`;

test('a program gets its arguments, one interrupt per press, and gives its exit code', async () => {
  const run = startProgram({});
  await run.printed(/\n/);
  // What a terminal and npm send for one press of Ctrl-C.
  run.child.kill('SIGINT');
  run.child.kill('SIGINT');
  await run.printed(/interrupt\n/);
  await wait(400);
  run.child.kill('SIGINT');
  await run.printed(/interrupt\ninterrupt\n/);
  run.child.stdin.end();
  expect(await run.ended).toBe(7);
  const [first, ...interrupts] = run.output().trimEnd().split('\n');
  expect(JSON.parse(first ?? '')).toEqual({ directory: root, arguments: ['--data', 'a.csv'] });
  expect(interrupts).toEqual(['interrupt', 'interrupt']);
});

test.each([
  ['where the user called npm', 'pretrain', elsewhere],
  ['at the root when another npm script runs it', 'test', root],
])('a program runs %s', async (_where, event, directory) => {
  const run = startProgram({ INIT_CWD: elsewhere, npm_lifecycle_event: event });
  run.child.stdin.end();
  expect(await run.ended).toBe(7);
  expect(JSON.parse(run.output())).toMatchObject({ directory });
});

function startProgram(environment: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', start], {
    cwd: root,
    env: { ...process.env, INIT_CWD: undefined, npm_lifecycle_event: undefined, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return {
    child,
    ended: new Promise<number | null>((resolve) => child.once('close', resolve)),
    output: () => text,
    /** Waits until the output matches. */
    async printed(pattern: RegExp): Promise<void> {
      while (!pattern.test(text)) {
        await wait(10);
      }
    },
  };
}
