import { describeFrame, type Panel, segmentFrame } from '@patchbert/data';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import type { Checkpoint, CheckpointFacts } from '../checkpoints/checkpoint.ts';
import { latestCheckpoint, removeLeftovers } from '../checkpoints/load-checkpoint.ts';
import type { ForcedResume } from '../checkpoints/run-history.ts';
import { lockRunFolder } from '../run-folder/lock-run-folder.ts';
import {
  acceptDifferences,
  circumstanceDifferences,
  type RunDifference,
} from '../run-folder/run-differences.ts';
import { createRunFolder, type RunFolder, runFolderAt } from '../run-folder/run-folder.ts';
import { type PretrainConfig, pretrainConfigSchema } from './config.ts';
import { frameFingerprint, splitFingerprint } from './frame-fingerprint.ts';
import type { PretrainOptions } from './options.ts';
import { type PreparedPretraining, preparePretraining } from './prepare.ts';
import { pretrainDifferences, readRunConfig } from './resume-config.ts';

/** A run folder that this process may write to, with what the run starts from. */
export interface OpenRun {
  readonly folder: RunFolder;
  readonly config: PretrainConfig;
  readonly prepared: PreparedPretraining;
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

type DataFacts = Pick<CheckpointFacts, 'dataFingerprint' | 'split' | 'sources'>;

/** Opens a new run, or the one that is in the folder. Configuration and data are checked before anything is written. */
export async function openRun(options: PretrainOptions): Promise<OpenRun> {
  return options.resume ? reopen(options) : create(options);
}

function dataFacts({ data }: PretrainOptions, { splits }: PreparedPretraining): DataFacts {
  return {
    dataFingerprint: frameFingerprint(data.frame, data.segments),
    split: splitFingerprint(splits),
    ...(data.files && { sources: data.files.map((file) => ({ ...file })) }),
  };
}

async function create(options: PretrainOptions): Promise<OpenRun> {
  if (options.config === undefined) {
    throw new PatchBertError(
      'train/no-config',
      'pretrain: config is missing; expected { data: { source } } at least, or resume: true.',
    );
  }
  const config = parseConfig(pretrainConfigSchema, options.config, 'pretrain config');
  const prepared = preparePretraining(config, options.data);
  const { folder, removeIfEmpty } = await createRunFolder(options.runFolder);
  const unlock = await lockRunFolder(folder);
  const release = async () => {
    await unlock();
    await removeIfEmpty();
  };
  return {
    folder,
    config,
    prepared,
    dataFacts: dataFacts(options, prepared),
    warnings: timeWarnings(prepared.panel),
    release,
  };
}

async function reopen(options: PretrainOptions): Promise<OpenRun> {
  if (options.minutes !== undefined) {
    throw new PatchBertError(
      'train/bad-minutes',
      'pretrain: minutes cannot be given with resume: the steps of the run are in its config.json. Leave it out.',
    );
  }
  const stored = await readRunConfig(options.runFolder);
  const config = parseConfig(pretrainConfigSchema, options.config ?? stored, 'pretrain config');
  const prepared = preparePretraining(config, options.data);
  const folder = runFolderAt(options.runFolder);
  const release = await lockRunFolder(folder);
  try {
    await removeLeftovers(folder.checkpoints);
    const latest = await latestCheckpoint(folder.checkpoints);
    const now = dataFacts(options, prepared);
    const accept = (differences: readonly RunDifference[]) =>
      acceptDifferences(differences, {
        where: 'pretrain',
        force: options.force === true,
        fromStep: (latest?.checkpoint.step ?? 0) + 1,
      });
    const opened = { folder, config, prepared, dataFacts: now, release };
    if (latest === undefined) {
      const { warnings } = accept(pretrainDifferences(stored, config));
      const warning = 'The run has no checkpoint yet; it starts again from step 1, with the same result.';
      return { ...opened, warnings: [warning, ...warnings] };
    }
    const { facts } = latest.checkpoint;
    // What computed the steps is what the checkpoint says; config.json can have been edited.
    const accepted = accept([
      ...pretrainDifferences(facts.config, config),
      ...circumstanceDifferences(facts, now),
    ]);
    requireStepsAhead(latest.checkpoint, config);
    const { forced } = accepted;
    const skipped = latest.skipped.map(
      ({ path, reason }) => `Checkpoint "${path}" was passed over: ${reason}`,
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

/** Rows are taken to follow each other at equal steps; where they do not, a user should know. */
function timeWarnings(panel: Panel): string[] {
  const described = panel.segments.map((_, s) => describeFrame(segmentFrame(panel, s)));
  const irregular = described.reduce((sum, { irregularSteps = 0 }) => sum + irregularSteps, 0);
  if (irregular === 0) return [];
  const steps = described.reduce((sum, { rows }) => sum + rows - 1, 0);
  const intervals = new Set(described.map(({ intervalSeconds }) => intervalSeconds));
  const usual = intervals.size === 1 ? `the usual ${[...intervals][0]} s` : 'the usual ones of their series';
  return [
    `${irregular} of ${steps} steps between time stamps are not ${usual}; rows are ` +
      'treated as if they followed each other without a hole. Add the absent rows with empty cells to change that.',
  ];
}

function requireStepsAhead({ step }: Checkpoint, config: PretrainConfig): void {
  if (step <= config.steps) return;
  throw new PatchBertError(
    'train/resume-mismatch',
    `pretrain: the run has done ${step} steps, more than the ${config.steps} asked for. Ask for more steps.`,
  );
}
