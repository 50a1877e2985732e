import type { Context } from './context.ts';
import { runProgram } from './run-program.ts';

/** A program of the system that answers. */
export interface FoundProgram {
  readonly command: readonly [string, ...string[]];
  /** Its name and version, such as `g++ 12.2.0`. */
  readonly title: string;
}

/** The C++ compiler: the one named, or the first of the usual ones. */
export function findCompiler(context: Context, named?: string): Promise<FoundProgram | undefined> {
  const candidates = named === undefined ? [['g++'], ['c++'], ['clang++']] : [named.trim().split(/\s+/)];
  return firstThatAnswers(context, candidates, (text) => /\b\d+\.\d+(\.\d+)*/.exec(text)?.[0]);
}

/** pip, which downloads: users' mirrors and proxies are set up for it. */
export function findPip(context: Context): Promise<FoundProgram | undefined> {
  const candidates = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];
  return firstThatAnswers(context, candidates, (text) => /^pip (\S+)/.exec(text)?.[1]);
}

async function firstThatAnswers(
  context: Context,
  candidates: readonly (readonly string[])[],
  versionIn: (text: string) => string | undefined,
): Promise<FoundProgram | undefined> {
  for (const candidate of candidates) {
    const command = candidate as [string, ...string[]];
    const { code, stdout } = await runProgram([...command, '--version'], context);
    const version = versionIn(stdout);
    if (code === 0 && version !== undefined) return { command, title: `${command.join(' ')} ${version}` };
  }
  return undefined;
}
