import { PatchBertError, parseConfig } from '@patchbert/errors';
import {
  type Checkpoint,
  createRunFolder,
  latestCheckpoint,
  lockRunFolder,
  type RunFolder,
  readJson,
  removeLeftovers,
  requireSameConfig,
  runFolderAt,
} from '@patchbert/train';
import { type PreparedSeriesRun, prepareSeriesRun } from './prepare-series-run.ts';
import { type SeriesRunChoices, seriesRunSchema } from './series-run-config.ts';
import type { PretrainSeriesOptions } from './series-run-options.ts';

/** A run folder that this process may write to, with what the run starts from. */
export interface OpenSeriesRun {
  readonly folder: RunFolder;
  readonly prepared: PreparedSeriesRun;
  /** Where to continue; absent at the start of a run. */
  readonly resumed?: { readonly path: string; readonly checkpoint: Checkpoint };
  readonly warnings: readonly string[];
  /** Lets other processes write to the folder; of a run that failed before it wrote anything, no folder is left. */
  release(): Promise<void>;
}

/** Settings that may differ between a run and its continuation: none changes bits already computed. */
const freeKeys: ReadonlySet<string> = new Set([
  'validateEvery',
  'checkpointEvery',
  'keepCheckpoints',
  'gallerySeries',
]);

/** Opens a new run, or the one that is in the folder. Configuration and data are checked before anything is written. */
export async function openSeriesRun(options: PretrainSeriesOptions): Promise<OpenSeriesRun> {
  return options.resume ? reopen(options) : create(options);
}

/**
 * The configuration stored in the folder of a series run, complete.
 *
 * @throws PatchBertError `train/no-run` when the folder holds no run, `series/other-run` for one of long recordings, `config/invalid`.
 * @example
 * const { data } = await readSeriesRunConfig('runs/first');
 */
export async function readSeriesRunConfig(folder: string): Promise<SeriesRunChoices> {
  const { config } = runFolderAt(folder);
  const stored = await readJson(config);
  if (stored === undefined) {
    throw new PatchBertError(
      'train/no-run',
      `readSeriesRunConfig: "${folder}" holds no config.json, so there is no run to continue. Check the folder, or start a new run.`,
    );
  }
  if (!isSeriesRun(stored)) {
    throw new PatchBertError(
      'series/other-run',
      `readSeriesRunConfig: "${folder}" holds a run on windows of long recordings, not one of patchbert-pretrain series; resume it with ` +
        'patchbert-pretrain --resume.',
    );
  }
  return parseConfig(seriesRunSchema, stored, config);
}

/**
 * Whether a run's configuration, read from its `config.json`, is one of `pretrainSeries`.
 *
 * @example
 * isSeriesRun(await readJson('runs/first/config.json'));
 */
export function isSeriesRun(config: unknown): boolean {
  return typeof config === 'object' && config !== null && 'pretraining' in config;
}

async function create({
  config: given,
  series,
  folder: path,
}: PretrainSeriesOptions): Promise<OpenSeriesRun> {
  if (given === undefined) {
    throw new PatchBertError(
      'train/no-config',
      'pretrainSeries: config is missing; expected { data: { source } } at least, or resume: true.',
    );
  }
  const prepared = prepareSeriesRun(parseConfig(seriesRunSchema, given, 'series run config'), series);
  const { folder, removeIfEmpty } = await createRunFolder(path);
  const unlock = await lockRunFolder(folder);
  const release = async () => {
    await unlock();
    await removeIfEmpty();
  };
  return { folder, prepared, warnings: [], release };
}

async function reopen({
  config: given,
  series,
  folder: path,
}: PretrainSeriesOptions): Promise<OpenSeriesRun> {
  const stored = await readSeriesRunConfig(path);
  const prepared = prepareSeriesRun(continued(stored, given), series);
  const folder = runFolderAt(path);
  const release = await lockRunFolder(folder);
  try {
    await removeLeftovers(folder.checkpoints);
    const latest = await latestCheckpoint(folder.checkpoints);
    if (latest === undefined) {
      const warning = 'The run has no checkpoint yet; it starts again from step 1, with the same result.';
      return { folder, prepared, warnings: [warning], release };
    }
    requireSameData(latest.checkpoint, prepared.dataFingerprint);
    const warnings = latest.skipped.map(
      ({ path: damaged, reason }) => `Checkpoint "${damaged}" was passed over: ${reason}`,
    );
    return { folder, prepared, resumed: latest, warnings, release };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The stored configuration, with what may differ of the one given. */
function continued(
  stored: SeriesRunChoices,
  given: PretrainSeriesOptions['config'] | undefined,
): SeriesRunChoices {
  if (given === undefined) return stored;
  const parsed = parseConfig(seriesRunSchema, given, 'series run config');
  // A run keeps its whole model and its steps; a choice that was left open then is still open.
  const { training } = parsed.pretraining;
  const steps = training.steps ?? stored.pretraining.training.steps;
  const wanted = {
    ...parsed,
    model: { ...stored.model, ...parsed.model },
    pretraining: { ...parsed.pretraining, training: { ...training, ...(steps !== undefined && { steps }) } },
  };
  requireSameConfig(stored, wanted, freeKeys);
  return wanted;
}

function requireSameData({ facts }: Checkpoint, dataFingerprint: string): void {
  if (facts.dataFingerprint === dataFingerprint) return;
  throw new PatchBertError(
    'train/resume-mismatch',
    `pretrainSeries: the series are not those of the run: SHA-256 of the values ${facts.dataFingerprint.slice(0, 12)}... then, ` +
      `${dataFingerprint.slice(0, 12)}... now. Give the run its own data, or start a new run.`,
  );
}
