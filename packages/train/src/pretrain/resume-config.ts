import { PatchBertError, parseConfig } from '@patchbert/errors';
import { requireSameConfig } from '../run-folder/require-same-config.ts';
import { readJson, runFolderAt } from '../run-folder/run-folder.ts';
import { type PretrainConfig, type PretrainConfigInput, pretrainConfigSchema } from './config.ts';
import { scheduleLength } from './schedule-of.ts';

/** Keys that may differ between a run and its continuation: none changes bits already computed. */
const FREE_KEYS: ReadonlySet<string> = new Set([
  'steps',
  'scheduleSteps',
  'validateEvery',
  'checkpointEvery',
  'keepCheckpoints',
  'galleryWindows',
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
 * The configuration to continue with: the stored one, or `given` where it agrees.
 *
 * @throws PatchBertError `train/resume-mismatch` listing every difference that would change the bits of the run.
 */
export function resumeConfig(stored: PretrainConfig, given: PretrainConfigInput | undefined): PretrainConfig {
  if (given === undefined) return stored;
  const wanted = parseConfig(pretrainConfigSchema, given, 'pretrain config');
  requireSameConfig(stored, wanted, FREE_KEYS);
  const before = scheduleLength(stored);
  const after = scheduleLength(wanted);
  if (wanted.schedule !== 'constant' && before !== after) {
    throw new PatchBertError(
      'train/resume-mismatch',
      `pretrain: the learning rates of this run were planned for ${before} steps; with ${after} the steps already done ` +
        'would have had other rates, so the result would equal no uninterrupted run. Resume with the steps of the run ' +
        `(${stored.steps}), or give a new run scheduleSteps ${after} (or schedule "constant") from the start; then steps ` +
        'can grow up to it.',
    );
  }
  return wanted;
}
