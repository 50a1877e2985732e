import { runProcess } from '../run-process.ts';
import type { Contender } from './contenders.ts';
import type { StepTiming } from './time-engine.ts';

export type ContenderResult = { readonly timing: StepTiming } | { readonly reason: string };

/** Runs a contender in a process of its own, so that its memory and threads are its own. */
export async function runContender({ command }: Contender): Promise<ContenderResult> {
  const ended = await runProcess(command);
  return 'reason' in ended ? ended : { timing: JSON.parse(ended.lastLine) as StepTiming };
}
