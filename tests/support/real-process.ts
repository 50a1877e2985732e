import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Brings `dist` of a project up to date, for a process that runs it; quick when it is. */
export function buildProject(project: string): void {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', `${root}/${project}`], { stdio: 'inherit' });
}

/** A file of `tests/programs`. */
function testProgram(name: string): string {
  return `${root}/tests/programs/${name}`;
}

/** Starts a program of `tests/programs` that is talked to by messages. */
export function forkProgram(name: string): ChildProcess {
  return fork(testProgram(name), { execArgv: [] });
}

export interface EndedProcess {
  /** Lines of JSON on the output. */
  readonly lines: readonly unknown[];
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/**
 * Runs a program of `tests/programs` to its end.
 *
 * @param shell what a shell does before it becomes the program, such as a limit.
 */
export function runProgram(name: string, args: readonly string[], shell = ''): EndedProcess {
  return runInShell(`${shell} exec "$@"`, [process.execPath, testProgram(name), ...args]);
}

/**
 * The same with file systems of its own. Undefined where the system does not permit to mount, as in most containers.
 *
 * @param mounts what the shell mounts before it becomes the program.
 */
export function runProgramMounted(
  name: string,
  args: readonly string[],
  mounts: string,
): EndedProcess | undefined {
  const refused = 77;
  const command = [process.execPath, testProgram(name), ...args];
  const inside = `{ ${mounts}; } || exit ${refused}; exec "$@"`;
  const ended = runInShell(`exec unshare -m sh -c '${inside}' sh "$@"`, command);
  const notPermitted = ended.status === refused || /unshare/.test(ended.stderr);
  return notPermitted ? undefined : ended;
}

function runInShell(script: string, command: readonly string[]): EndedProcess {
  const { stdout, stderr, status, signal } = spawnSync('sh', ['-c', script, 'sh', ...command], {
    encoding: 'utf8',
  });
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
  return { lines, status, signal, stderr };
}
