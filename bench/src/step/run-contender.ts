import { spawn } from 'node:child_process';
import type { Contender } from './contenders.ts';
import type { StepTiming } from './time-engine.ts';

export type ContenderResult = { readonly timing: StepTiming } | { readonly reason: string };

/** Runs a contender in a process of its own, so that its memory and threads are its own. */
export async function runContender({ command }: Contender): Promise<ContenderResult> {
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
  if (code !== 0) {
    const lastLine = errors.trim().split('\n').at(-1);
    return { reason: lastLine || `ended with ${code}` };
  }
  return { timing: JSON.parse(output.trim().split('\n').at(-1)!) as StepTiming };
}
