import { spawn } from 'node:child_process';

export type ProcessResult = { readonly lastLine: string } | { readonly reason: string };

/** Runs a command that prints its result as the last line; a failure gives the last line of its errors. */
export async function runProcess(command: readonly string[]): Promise<ProcessResult> {
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const code = await new Promise<number | string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (status) => resolve(status ?? 'a signal'));
  });
  if (code !== 0) return { reason: errors.trim().split('\n').at(-1) || `ended with ${code}` };
  return { lastLine: output.trim().split('\n').at(-1)! };
}
