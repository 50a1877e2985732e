import { PatchBertError, parseConfig } from '@patchbert/errors';
import {
  acceptDifferences,
  type Checkpoint,
  type CheckpointFacts,
  circumstanceDifferences,
  configDifferences,
  createRunFolder,
  type ForcedResume,
  latestCheckpoint,
  lockRunFolder,
  type RunDifference,
  type RunFolder,
  readJson,
  removeLeftovers,
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
  /** What the checkpoints of this run say of its data. */
  readonly dataFacts: DataFacts;
  /** That the run goes on although something differs. */
  readonly forced?: ForcedResume;
  readonly warnings: readonly string[];
  /** Lets other processes write to the folder; of a run that failed before it wrote anything, no folder is left. */
  release(): Promise<void>;
}

type DataFacts = Pick<CheckpointFacts, 'dataFingerprint' | 'sources'>;

/** Settings that may differ between a run and its continuation: none changes bits already computed. */
const freeKeys: ReadonlySet<string> = new Set([
  'validateEvery',
  'checkpointEvery',
  'keepCheckpoints',
  'gallerySeries',
  'divergence',
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
  files,
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
  return { folder, prepared, dataFacts: dataFacts(prepared, files), warnings: [], release };
}

async function reopen({
  config: given,
  series,
  folder: path,
  files,
  force = false,
}: PretrainSeriesOptions): Promise<OpenSeriesRun> {
  const stored = await readSeriesRunConfig(path);
  const prepared = prepareSeriesRun(continued(stored, given), series);
  const folder = runFolderAt(path);
  const release = await lockRunFolder(folder);
  try {
    await removeLeftovers(folder.checkpoints);
    const latest = await latestCheckpoint(folder.checkpoints);
    const now = dataFacts(prepared, files);
    const fromStep = (latest?.checkpoint.step ?? 0) + 1;
    const accept = (differences: readonly RunDifference[]) =>
      acceptDifferences(differences, { where: 'pretrainSeries', force, fromStep });
    const opened = { folder, prepared, dataFacts: now, release };
    if (latest === undefined) {
      const { warnings } = accept(seriesDifferences(stored, prepared));
      const warning = 'The run has no checkpoint yet; it starts again from step 1, with the same result.';
      return { ...opened, warnings: [warning, ...warnings] };
    }
    const { facts } = latest.checkpoint;
    // What computed the steps is what the checkpoint says; config.json can have been edited.
    const accepted = accept([
      ...seriesDifferences(facts.config, prepared),
      ...circumstanceDifferences(facts, now),
    ]);
    const { forced } = accepted;
    const skipped = latest.skipped.map(
      ({ path: damaged, reason }) => `Checkpoint "${damaged}" was passed over: ${reason}`,
    );
    return {
      ...opened,
      resumed: latest,
      ...(forced && { forced }),
      warnings: [...skipped, ...accepted.warnings],
    };
  } catch (error) {
    await release();
    throw error;
  }
}

/** The configuration to go on with: a run keeps its whole model and its steps where the one given leaves them open. */
function continued(
  stored: SeriesRunChoices,
  given: PretrainSeriesOptions['config'] | undefined,
): SeriesRunChoices {
  if (given === undefined) return stored;
  const parsed = parseConfig(seriesRunSchema, given, 'series run config');
  const { training } = parsed.pretraining;
  const steps = training.steps ?? stored.pretraining.training.steps;
  return {
    ...parsed,
    model: { ...stored.model, ...parsed.model },
    pretraining: { ...parsed.pretraining, training: { ...training, ...(steps !== undefined && { steps }) } },
  };
}

/** Settings that are not as in the run; both are complete, without a choice left open. */
function seriesDifferences(stored: object, { config }: PreparedSeriesRun): readonly RunDifference[] {
  return configDifferences(seriesRunSchema.safeParse(stored).data ?? stored, config, freeKeys);
}

function dataFacts({ dataFingerprint }: PreparedSeriesRun, files: PretrainSeriesOptions['files']): DataFacts {
  return { dataFingerprint, ...(files && { sources: files.map((file) => ({ ...file })) }) };
}
