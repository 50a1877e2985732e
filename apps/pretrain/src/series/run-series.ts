import {
  type ChosenBackend,
  chooseBackend,
  chooseOutputFolder,
  defined,
  type OpenedSeries,
  openBackend,
  recordedBackend,
  threadAdvice,
} from '@patchbert/command-line';
import {
  type PretrainSeriesOptions,
  type PretrainSeriesResult,
  prepareSeriesRun,
  pretrainSeries,
  readSeriesRunConfig,
  type SeriesRunChoices,
  type SeriesRunEvent,
} from '@patchbert/series';
import { runFolderAt } from '@patchbert/train';
import { refuseForce, requireResumable } from '../resume-flags.ts';
import type { RunContext } from '../run-context.ts';
import { openRunSeries } from './open-run-series.ts';
import { continuedSeriesConfig, requestedSeriesRun, withModelFlags } from './series-config.ts';
import type { SeriesFlags } from './series-flags.ts';
import { writeSeriesReport } from './series-report.ts';

export interface SeriesOutcome {
  readonly result: PretrainSeriesResult;
  readonly steps: number;
  /** Threads asked for; a run is resumed with as many. */
  readonly threads?: number;
  /** The module of the backend, which must be named again to resume. */
  readonly backendModule?: string;
  /** Path of `report.html`; absent when interrupted. */
  readonly report?: string;
}

type Context = RunContext<SeriesRunEvent>;

/** Runs what the flags ask for, a new run or the rest of one. All checks come before the first file is written. */
export async function runSeries(flags: SeriesFlags, context: Context): Promise<SeriesOutcome> {
  return flags.resume === undefined ? startRun(flags, context) : resumeRun(flags, flags.resume, context);
}

async function startRun(flags: SeriesFlags, context: Context): Promise<SeriesOutcome> {
  refuseForce(flags);
  const { config, backend, threads, output } = await requestedSeriesRun(flags);
  const chosen = await chooseBackend(backend);
  const folder = await chooseOutputFolder(
    output,
    config.data.source,
    'or continue the run in it with --resume',
  );
  const data = await openRunSeries(config.data, flags.dataDir);
  withModelFlags(() => prepareSeriesRun(config, data.train));
  const run = { config, folder, command: context.command };
  return execute(run, data, { chosen, ...defined({ threads }) }, context);
}

async function resumeRun(flags: SeriesFlags, folder: string, context: Context): Promise<SeriesOutcome> {
  // The schedule of a series run ends with its steps, so they belong to it.
  requireResumable(flags, ['steps']);
  const stored = await readSeriesRunConfig(folder);
  const config = continuedSeriesConfig(stored, flags);
  const recorded = await recordedBackend(runFolderAt(folder).environment);
  const chosen = await chooseBackend({ typed: flags.backend, recorded });
  const source = flags.data ?? stored.data.source;
  const data = await openRunSeries({ ...config.data, source }, flags.dataDir);
  return execute(
    { config, folder, resume: true, ...defined({ force: flags.force }) },
    data,
    { chosen, ...defined({ threads: flags.threads }) },
    context,
  );
}

type Run = Pick<PretrainSeriesOptions, 'folder' | 'resume' | 'force' | 'command'> & {
  readonly config: SeriesRunChoices;
};

async function execute(
  run: Run,
  { train, title, files, licence, citation }: OpenedSeries,
  { chosen, threads }: { readonly chosen: ChosenBackend; readonly threads?: number },
  { interrupt, onEvent }: Context,
): Promise<SeriesOutcome> {
  const message = threadAdvice(threads);
  if (message !== undefined) onEvent({ type: 'warning', message });
  const backend = await openBackend(chosen, defined({ threads }));
  let steps = 0;
  try {
    interrupt.begin();
    const result = await pretrainSeries({
      ...run,
      series: train,
      backend,
      files,
      ...defined({ licence, citation }),
      signal: interrupt.signal,
      onEvent(event) {
        if (event.type === 'prepared') steps = event.steps;
        onEvent(event);
      },
    });
    const { module: backendModule } = chosen;
    if (result.status === 'interrupted') return { result, steps, ...defined({ threads, backendModule }) };
    return { result, steps, report: await writeSeriesReport(run.folder, title) };
  } finally {
    await backend.dispose();
  }
}
