import {
  type ChosenBackend,
  chooseBackend,
  chooseOutputFolder,
  defined,
  type OpenedData,
  openBackend,
  recordedBackend,
  threadAdvice,
  usageError,
} from '@patchbert/command-line';
import { PatchBertError } from '@patchbert/errors';
import { isSeriesRun } from '@patchbert/series';
import {
  type PretrainConfig,
  type PretrainEvent,
  type PretrainOptions,
  type PretrainResult,
  preparePretraining,
  pretrain,
  readJson,
  readRunConfig,
  runFolderAt,
} from '@patchbert/train';
import { continuedConfig, type RequestedRun, requestedRun } from './config.ts';
import { openSource } from './data.ts';
import type { Flags } from './flags.ts';
import { writeReport } from './report.ts';
import { refuseForce, requireResumable } from './resume-flags.ts';
import type { RunContext } from './run-context.ts';

type PretrainingContext = RunContext<PretrainEvent>;

export interface PretrainingOutcome {
  readonly result: PretrainResult;
  readonly steps: number;
  /** Threads asked for; a run is resumed with as many. */
  readonly threads?: number;
  /** The module of the backend, which must be named again to resume. */
  readonly backendModule?: string;
  /** Path of `report.html`; absent when interrupted. */
  readonly report?: string;
}

/** Runs what the flags ask for, a new run or the rest of one. All checks come before the first file is written. */
export async function runPretraining(flags: Flags, context: PretrainingContext): Promise<PretrainingOutcome> {
  return flags.resume === undefined ? startRun(flags, context) : resumeRun(flags, flags.resume, context);
}

async function startRun(flags: Flags, context: PretrainingContext): Promise<PretrainingOutcome> {
  refuseForce(flags);
  const requested = await requestedRun(flags);
  const chosen = await chooseBackend(requested.backend);
  const runFolder = await chooseOutputFolder(
    requested.output,
    requested.config.data.source,
    'or continue the run in it with --resume',
  );
  const data = await openSource(requested.config.data, flags.dataDir);
  const config = withEpochs(requested, data);
  const machine = { chosen, ...defined({ threads: requested.threads }) };
  const { minutes } = requested;
  return execute(
    { config, data, runFolder, command: context.command, ...defined({ minutes }) },
    machine,
    context,
  );
}

async function resumeRun(
  flags: Flags,
  runFolder: string,
  context: PretrainingContext,
): Promise<PretrainingOutcome> {
  requireResumable(flags);
  if (isSeriesRun(await readJson(runFolderAt(runFolder).config))) {
    throw usageError(
      `"${runFolder}" holds a run on whole series; continue it with patchbert-pretrain series --resume.`,
    );
  }
  const stored = await readRunConfig(runFolder);
  const config = continuedConfig(stored, flags);
  const recorded = await recordedBackend(runFolderAt(runFolder).environment);
  const chosen = await chooseBackend({ typed: flags.backend, recorded });
  const source = flags.data ?? stored.data.source;
  const data = await openSource({ ...stored.data, source }, flags.dataDir);
  return execute(
    { config, data, runFolder, resume: true, ...defined({ force: flags.force }) },
    { chosen, ...defined({ threads: flags.threads }) },
    context,
  );
}

interface Machine {
  readonly chosen: ChosenBackend;
  readonly threads?: number;
}

type Run = Omit<PretrainOptions, 'backend' | 'data' | 'config'> & {
  readonly config: PretrainConfig;
  readonly data: OpenedData;
};

async function execute(
  run: Run,
  { chosen, threads }: Machine,
  context: PretrainingContext,
): Promise<PretrainingOutcome> {
  const { config, runFolder, data } = run;
  preparePretraining(config, data);
  const message = threadAdvice(threads);
  if (message !== undefined) context.onEvent({ type: 'warning', message });
  const backend = await openBackend(chosen, defined({ threads }));
  let steps = config.steps;
  try {
    context.interrupt.begin();
    const result = await pretrain({
      ...run,
      backend,
      signal: context.interrupt.signal,
      onEvent(event) {
        if (event.type === 'prepared') steps = event.steps;
        context.onEvent(event);
      },
    });
    const { module: backendModule } = chosen;
    if (result.status === 'interrupted') return { result, steps, ...defined({ threads, backendModule }) };
    return { result, steps, report: await writeReport(runFolder, data) };
  } finally {
    await backend.dispose();
  }
}

/** Turns epochs, passes over every distinct training window, into steps. */
function withEpochs({ config, epochs }: RequestedRun, data: OpenedData): PretrainConfig {
  if (epochs === undefined) return config;
  const { sampler } = preparePretraining(config, data);
  const updates = Math.round((epochs * sampler.stepsPerEpoch) / config.accumulateSteps);
  const steps = Math.max(1, updates) * config.accumulateSteps;
  if (!Number.isSafeInteger(steps)) {
    throw new PatchBertError('pretrain/epochs', `--epochs ${epochs} is more than can be counted; use fewer.`);
  }
  return { ...config, steps };
}
