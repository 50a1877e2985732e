import { spawn } from 'node:child_process';
import { env } from 'node:process';
import type { Context } from './context.ts';

/** How a program ended. */
export interface Ended {
  /** Its exit code; -1 when a signal ended it or it could not be started. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Lets the user see what it prints on its standard output, such as the progress of a download. */
  readonly shown?: boolean;
}

/**
 * Runs a program to its end. Ctrl-C ends it as a terminal would, so that it can clear up.
 *
 * @throws the reason of the abort, once the program has ended.
 */
export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  { signal }: Pick<Context, 'signal'>,
  { environment = {}, shown = false }: ProgramOptions = {},
): Promise<Ended> {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    env: { ...env, ...environment },
    stdio: ['ignore', shown ? 'inherit' : 'pipe', 'pipe'],
  });
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt);
  try {
    const code = await new Promise<number>((resolve) => {
      child.once('error', () => resolve(-1));
      child.once('close', (status) => resolve(status ?? -1));
    });
    signal.throwIfAborted();
    return { code, stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}

/** The last line of a program's errors that says something, for a message of one line. */
export function lastError({ code, stdout, stderr }: Ended): string {
  const lines = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  return said.findLast((line) => /error/i.test(line)) ?? said.at(-1) ?? `it ended with ${code}`;
}
