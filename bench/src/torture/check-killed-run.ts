import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { latestCheckpoint, type MetricsRecord, readMetrics, runFolderAt } from '@patchbert/train';

/** What is found in the folder of a run that was killed. */
export interface KilledRun {
  /** Step of the checkpoint that loads; absent when there is none. */
  readonly step?: number;
  /** Whether a save was under way. */
  readonly inSave: boolean;
  /** What should not be. */
  readonly violations: readonly string[];
}

/**
 * Looks at a killed run: its newest checkpoint must load, be no older than the newest it said was on the disk, and hold the bits of
 * the run that was never killed; the metrics must have each line up to there once.
 *
 * @param whole folder of the run that was never killed, with all its checkpoints.
 * @param announced the newest step whose checkpoint was said to be on the disk, 0 for none.
 */
export async function checkKilledRun(folder: string, whole: string, announced: number): Promise<KilledRun> {
  const { checkpoints, metrics } = runFolderAt(folder);
  const names = existsSync(checkpoints) ? readdirSync(checkpoints) : [];
  const inSave = names.some((name) => name.startsWith('.tmp-save'));
  try {
    const latest = await latestCheckpoint(checkpoints);
    const step = latest?.checkpoint.step;
    const found = step ?? 0;
    const violations = [
      ...(found < announced ? [`step ${announced} was saved, step ${found} loads`] : []),
      ...(latest?.skipped ?? []).map(({ path, reason }) => `${path} is damaged: ${reason}`),
      ...(latest === undefined
        ? []
        : differingFiles(latest.path, join(whole, 'checkpoints', basename(latest.path)))),
      ...differingMetrics(await readMetrics(metrics), await readMetrics(runFolderAt(whole).metrics), found),
    ];
    return { inSave, violations, ...(step !== undefined && { step }) };
  } catch (error) {
    return {
      inSave,
      violations: [`step ${announced} was saved, nothing loads: ${(error as Error).message}`],
    };
  }
}

/** Compares the finished run with the one that was never killed. */
export async function checkFinishedRun(folder: string, whole: string): Promise<readonly string[]> {
  const [run, other] = [runFolderAt(folder), runFolderAt(whole)];
  const [steps, wholeSteps] = [run, other].map(({ checkpoints }) => readdirSync(checkpoints).sort()) as [
    string[],
    string[],
  ];
  const last = wholeSteps.at(-1)!;
  const [records, wholeRecords] = [await readMetrics(run.metrics), await readMetrics(other.metrics)];
  const listings = [readdirSync(folder).sort(), readdirSync(whole).sort()].map((names) => names.join(' '));
  return [
    ...differingFiles(join(run.checkpoints, last), join(other.checkpoints, last)),
    ...differingMetrics(records, wholeRecords, Number.POSITIVE_INFINITY),
    ...[run.evaluation, run.gallery].flatMap((path) => differingFile(path, join(whole, basename(path)))),
    ...(listings[0] === listings[1] ? [] : [`the folder holds ${listings[0]}, expected ${listings[1]}`]),
    ...steps.filter((name) => !wholeSteps.includes(name)).map((name) => `${name} is left over`),
  ];
}

/** Weights and moments to the bit; of what is said beside them, the step and the best step. */
function differingFiles(checkpoint: string, whole: string): string[] {
  const [said, expected] = [checkpoint, whole].map((path) => {
    const { step, facts } = JSON.parse(readFileSync(join(path, 'state.json'), 'utf8')) as {
      step: number;
      facts: { best?: object };
    };
    return JSON.stringify({ step, best: facts.best });
  });
  return [
    ...['model.safetensors', 'optimizer.safetensors'].flatMap((name) =>
      differingFile(join(checkpoint, name), join(whole, name)),
    ),
    ...(said === expected ? [] : [`${checkpoint} says ${said}, expected ${expected}`]),
  ];
}

function differingFile(path: string, whole: string): string[] {
  return readFileSync(path).equals(readFileSync(whole)) ? [] : [`${path} differs from ${whole}`];
}

/** Lines up to a step: each of the run that was never killed, once, in order, the same but for the clock. */
function differingMetrics(
  records: readonly MetricsRecord[],
  whole: readonly MetricsRecord[],
  upTo: number,
): string[] {
  const lines = (all: readonly MetricsRecord[]) =>
    all.filter(({ step }) => step <= upTo).map((record) => JSON.stringify({ ...record, seconds: undefined }));
  const [found, expected] = [lines(records), lines(whole)];
  const at = expected.findIndex((line, index) => line !== found[index]);
  if (at < 0 && found.length === expected.length) return [];
  const line = at < 0 ? expected.length : at;
  return [
    `metrics.jsonl has ${found.length} lines up to step ${upTo}, expected ` +
      `${expected.length}; line ${line + 1} is ${found[line]}, expected ${expected[line]}`,
  ];
}
