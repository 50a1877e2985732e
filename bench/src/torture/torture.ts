import { existsSync, type FSWatcher, rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { checkFinishedRun, checkKilledRun } from './check-killed-run.ts';
import { type ChildRun, type RunEvent, startChildRun } from './child-run.ts';
import { type KillPlan, planKill } from './plan-kill.ts';
import { writeTinyRun } from './tiny-run.ts';

export interface TortureOptions {
  /** Main file of the pretraining program. */
  readonly program: string;
  /** A new folder for everything. */
  readonly folder: string;
  readonly kills: number;
  /** Steps of each run that is killed. */
  readonly steps: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface TortureResult {
  readonly kills: number;
  /** Kills after which a half-written checkpoint lay aside. */
  readonly inSave: number;
  /** Kills before the first checkpoint of a run. */
  readonly withoutCheckpoint: number;
  /** Kills after which the newest checkpoint that was announced loaded, and a newer one that had not been announced yet. */
  readonly announced: number;
  readonly newer: number;
  /** Runs that were killed, resumed and compared at the end. */
  readonly runs: number;
  /** What should not have been; empty when all is well. */
  readonly violations: readonly string[];
}

type Tally = { -readonly [key in Exclude<keyof TortureResult, 'violations'>]: number } & {
  violations: string[];
};

/**
 * Starts a pretraining run as a process of its own, kills it with SIGKILL, resumes it, and so on: at random moments of training
 * and in the middle of saving. After every kill, and at the end of every run, it is held against a run that was never killed.
 * When a run ends, the next begins, until there were as many kills as asked for.
 */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  writeTinyRun(options.folder, options.steps);
  const tally: Tally = {
    kills: 0,
    inSave: 0,
    withoutCheckpoint: 0,
    announced: 0,
    newer: 0,
    runs: 0,
    violations: [],
  };
  const whole = startChildRun(
    options.program,
    options.folder,
    ['--config', 'whole.json', '--output', 'whole'],
    () => {},
  );
  const { code, stderr } = await whole.ended;
  if (code !== 0)
    return { ...tally, violations: [`the run that is never killed ended with ${code}: ${stderr}`] };
  while (tally.kills < options.kills && tally.violations.length === 0) await tortureOneRun(options, tally);
  return tally;
}

async function tortureOneRun(options: TortureOptions, tally: Tally): Promise<void> {
  const name = `killed-${tally.runs + 1}`;
  const folder = join(options.folder, name);
  const whole = join(options.folder, 'whole');
  /** The newest step that a process said was saved, and the step that the next one must go on from. */
  let [announced, expected] = [0, 0];
  for (;;) {
    const isNew = !existsSync(join(folder, 'config.json'));
    // Killed before it wrote what to do: there is nothing to resume.
    if (isNew) rmSync(folder, { recursive: true, force: true });
    const args = isNew ? ['--config', 'killed.json', '--output', name] : ['--resume', name];
    const plan = tally.kills < options.kills ? planKill(options.seed, tally.kills) : undefined;
    const { killed, code, stderr, events } = await runUntilKilled(options, args, folder, plan);
    const resumedAt = events.find(({ type }) => type === 'resumed')?.step;
    if (resumedAt !== undefined && resumedAt !== expected)
      tally.violations.push(`resumed after step ${resumedAt}, expected ${expected}`);
    for (const { message } of events.filter(({ type }) => type === 'warning')) {
      if (expected > 0) tally.violations.push(`a warning: ${message}`);
    }
    for (const { type, step } of events) if (type === 'checkpoint') announced = step!;
    if (!killed) {
      if (code !== 0) tally.violations.push(`${name} ended with ${code}: ${stderr}`);
      else tally.violations.push(...(await checkFinishedRun(folder, whole)));
      tally.runs++;
      return;
    }
    tally.kills++;
    const found = await checkKilledRun(folder, whole, announced);
    expected = found.step ?? 0;
    if (found.inSave) tally.inSave++;
    if (found.step === undefined) tally.withoutCheckpoint++;
    else if (found.step === announced) tally.announced++;
    else tally.newer++;
    announced = Math.max(announced, expected);
    tally.violations.push(...found.violations);
    const where = found.inSave ? 'in a save' : 'outside of a save';
    options.onProgress?.(
      `kill ${tally.kills} of ${options.kills}, ${where}: step ${expected} of ${options.steps} loads`,
    );
    if (found.violations.length > 0) return;
  }
}

interface ChildOutcome {
  /** False when it ended by itself. */
  readonly killed: boolean;
  readonly code: number | null;
  readonly stderr: string;
  readonly events: readonly RunEvent[];
}

async function runUntilKilled(
  { program, folder: directory }: TortureOptions,
  args: readonly string[],
  folder: string,
  plan: KillPlan | undefined,
): Promise<ChildOutcome> {
  const events: RunEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const killIn = (milliseconds: number) => {
    timer ??= setTimeout(() => child.kill(), milliseconds);
  };
  const child: ChildRun = startChildRun(program, directory, args, (event) => {
    events.push(event);
    if (plan?.aim === 'training' && event.type === 'step') killIn(plan.milliseconds);
    if (plan?.aim === 'save' && event.type === 'prepared') {
      watcher = watchSaves(join(folder, 'checkpoints'), plan.save, () => killIn(plan.milliseconds));
    }
  });
  if (plan?.aim === 'start') killIn(plan.milliseconds);
  const { code, stderr } = await child.ended;
  clearTimeout(timer);
  watcher?.close();
  return { killed: code === null, code, stderr, events };
}

/** Calls back when the folder aside of the save with this number appears, counted from 1. */
function watchSaves(checkpoints: string, save: number, onSave: () => void): FSWatcher {
  const seen = new Set<string>();
  return watch(checkpoints, (_, name) => {
    if (name?.startsWith('.tmp-save') !== true || seen.has(name)) return;
    seen.add(name);
    if (seen.size === save) onSave();
  });
}
