import { oneLine, PatchBertError, quote } from '@patchbert/errors';
import type { CheckpointFacts } from '../checkpoints/checkpoint.ts';
import type { ForcedResume } from '../checkpoints/run-history.ts';
import { packageVersion } from './environment.ts';

/** Something that would make a continuation another run. */
export interface RunDifference {
  /** Path of a setting, or `data`, `split`, `PatchBERT`, `file <path>`. */
  readonly setting: string;
  readonly was: string;
  readonly now: string;
}

/**
 * Settings in which two configurations differ.
 *
 * @param free names of the settings at the top that may differ, as none changes bits already computed.
 * @example
 * configDifferences(stored, wanted, new Set(['checkpointEvery']));
 */
export function configDifferences(
  stored: object,
  given: object,
  free: ReadonlySet<string>,
): readonly RunDifference[] {
  return differingLeaves(stored, given).filter(({ setting }) => !free.has(setting.split('.')[0]!));
}

/** What of the data and the code is not as it was for the steps before a checkpoint. */
export function circumstanceDifferences(
  before: CheckpointFacts,
  now: Pick<CheckpointFacts, 'dataFingerprint' | 'split' | 'sources'>,
): readonly RunDifference[] {
  const differences: RunDifference[] = [];
  const compare = (setting: string, was: string | undefined, is: string | undefined) => {
    if (was !== is) differences.push({ setting, was: was ?? 'not recorded', now: is ?? 'not recorded' });
  };
  // Checkpoints of the first releases do not say.
  if (before.patchbert !== undefined) compare('PatchBERT', before.patchbert, packageVersion());
  if (before.split !== undefined && now.split !== undefined)
    compare('split', shortHash(before.split), shortHash(now.split));
  if (before.dataFingerprint === now.dataFingerprint) return differences;
  compare('data', `values ${shortHash(before.dataFingerprint)}`, `values ${shortHash(now.dataFingerprint)}`);
  // Which file it is; the same values in another file are the same data.
  const hashes = (sources: CheckpointFacts['sources'] = []) =>
    new Map(sources.map(({ path, sha256 }) => [path, shortHash(sha256)]));
  const [was, is] = [hashes(before.sources), hashes(now.sources)];
  for (const path of new Set([...was.keys(), ...is.keys()])) {
    compare(`file ${path}`, was.get(path), is.get(path));
  }
  return differences;
}

/** What `acceptDifferences` found: what to tell the user, and what the checkpoints say from then on. */
export interface AcceptedDifferences {
  readonly warnings: readonly string[];
  readonly forced?: ForcedResume;
}

/**
 * Refuses to continue a run as another one, unless that is forced; then every difference is named for good.
 *
 * @throws PatchBertError `train/resume-mismatch` listing every difference.
 */
export function acceptDifferences(
  differences: readonly RunDifference[],
  { where, force, fromStep }: { readonly where: string; readonly force: boolean; readonly fromStep: number },
): AcceptedDifferences {
  if (differences.length === 0) return { warnings: [] };
  // Settings and paths come from the checkpoint: these lines are shown, and written down.
  const lines = differences.map(({ setting, was, now }) =>
    oneLine(`${setting}: ${was} in the run, ${now} now`),
  );
  if (force) {
    const warning = `forced from step ${fromStep} on; the result equals that of no uninterrupted run. ${lines.join('; ')}.`;
    return { warnings: [warning], forced: { fromStep, differences: lines } };
  }
  throw new PatchBertError(
    'train/resume-mismatch',
    `${where}: this would not continue the run that is in the folder. ${lines.join('; ')}. Leave the difference out, start a new ` +
      'run, or force it (--force, force: true): it goes on, and its receipt says what differs.',
  );
}

function shortHash(sha256: string): string {
  return `${sha256.slice(0, 12)}...`;
}

function differingLeaves(stored: unknown, given: unknown, path = ''): RunDifference[] {
  if (isRecord(stored) && isRecord(given)) {
    const keys = new Set([...Object.keys(stored), ...Object.keys(given)]);
    return [...keys].flatMap((key) =>
      differingLeaves(stored[key], given[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (JSON.stringify(stored) === JSON.stringify(given)) return [];
  return [{ setting: path, was: show(stored), now: show(given) }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : quote(value);
}
