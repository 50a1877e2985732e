import { PatchBertError, parseConfig } from '@patchbert/errors';
import { configDifferences, type RunDifference } from '../run-folder/run-differences.ts';
import { readJson, runFolderAt } from '../run-folder/run-folder.ts';
import { type PretrainConfig, pretrainConfigSchema } from './config.ts';
import { scheduleLength } from './schedule-of.ts';

/** Keys that may differ between a run and its continuation: none changes bits already computed. */
const FREE_KEYS: ReadonlySet<string> = new Set([
  'steps',
  'scheduleSteps',
  'validateEvery',
  'checkpointEvery',
  'keepCheckpoints',
  'galleryWindows',
  'divergence',
]);

/**
 * The configuration stored in a run folder, complete with defaults.
 *
 * @throws PatchBertError `train/no-run` when the folder holds no run, `config/invalid` when `config.json` was changed.
 * @example
 * const config = await readRunConfig('runs/first');
 * await pretrain({ ...options, config: { ...config, steps: 8000 }, resume: true });
 */
export async function readRunConfig(runFolder: string): Promise<PretrainConfig> {
  const { config } = runFolderAt(runFolder);
  const stored = await readJson(config);
  if (stored === undefined) {
    throw new PatchBertError(
      'train/no-run',
      `readRunConfig: "${runFolder}" holds no config.json, so there is no run to continue. Check the folder, or start a ` +
        'new run.',
    );
  }
  return parseConfig(pretrainConfigSchema, stored, config);
}

/**
 * Settings in which a configuration to go on with differs from the one that the steps of a run were computed with, where that would
 * change their bits.
 *
 * @param stored that of the newest checkpoint; an older PatchBERT may have written it.
 */
export function pretrainDifferences(stored: object, wanted: PretrainConfig): readonly RunDifference[] {
  const parsed = pretrainConfigSchema.safeParse(stored);
  const differences = configDifferences(parsed.data ?? stored, wanted, FREE_KEYS);
  if (parsed.data === undefined || wanted.schedule === 'constant') return differences;
  const before = scheduleLength(parsed.data);
  const after = scheduleLength(wanted);
  if (before === after) return differences;
  const planned = {
    setting: 'learning rates',
    was: `planned for ${before} steps`,
    now: `planned for ${after} (a run that shall grow begins with scheduleSteps ${after}, or schedule "constant")`,
  };
  return [...differences, planned];
}
