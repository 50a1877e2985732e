import { createRequire } from 'node:module';
import {
  exitCodes,
  listenForInterrupt,
  runBackends,
  runCommand,
  type Streams,
  shellWord,
  silentOutput,
} from '@patchbert/command-line';
import type { SeriesEvaluation, SeriesRunEvent } from '@patchbert/series';
import type { PretrainEvaluation, PretrainEvent } from '@patchbert/train';
import { errorTable } from './error-table.ts';
import { createCommand } from './flags.ts';
import { showProgress } from './progress.ts';
import type { RunContext } from './run-context.ts';
import { type PretrainingOutcome, runPretraining } from './run-pretraining.ts';
import { runSeries, type SeriesOutcome } from './series/run-series.ts';

/** What to type to start this program again; the launcher of the repository has another way. */
const programName = process.env.PATCHBERT_PROGRAM ?? 'patchbert-pretrain';

/**
 * Runs `patchbert-pretrain` with the arguments after the program's name and returns its exit code. Prints one line for
 * an error a user can act on; never throws.
 *
 * @example
 * process.exitCode = await runCli(process.argv.slice(2), process);
 */
export async function runCli(args: readonly string[], { stdout, stderr }: Streams): Promise<number> {
  let exitCode: number = exitCodes.done;
  const asTyped = [programName, ...args.map(shellWord)].join(' ');
  const streams = { stdout, stderr };
  const command = createCommand(version(), {
    async backends(named, flags) {
      exitCode = await runBackends(named, flags, streams);
    },
    async pretrain(flags) {
      exitCode = await shownRun(flags, streams, asTyped, async (context) => {
        const outcome = await runPretraining(flags, context);
        return { ...outcome, folder: outcome.result.runFolder, resume: `${programName} --resume` };
      });
    },
    async series(flags) {
      exitCode = await shownRun(flags, streams, asTyped, async (context) => {
        const outcome = await runSeries(flags, context);
        return { ...outcome, folder: outcome.result.folder, resume: `${programName} series --resume` };
      });
    },
  });
  const errorCode = await runCommand(command, args, stderr);
  return errorCode === exitCodes.done ? exitCode : errorCode;
}

/** How a run of either kind ended, for people and for `--json`. */
interface ShownOutcome {
  readonly result: (PretrainingOutcome | SeriesOutcome)['result'];
  readonly steps: number;
  readonly threads?: number;
  readonly backendModule?: string;
  readonly report?: string;
  readonly folder: string;
  /** What to type before the folder to go on. */
  readonly resume: string;
}

async function shownRun(
  flags: { readonly quiet?: true; readonly json?: true },
  { stdout, stderr }: Streams,
  command: string,
  run: (context: RunContext<PretrainEvent | SeriesRunEvent>) => Promise<ShownOutcome>,
): Promise<number> {
  const isQuiet = flags.quiet === true || flags.json === true;
  const progress = showProgress(isQuiet ? silentOutput : stderr);
  const json = (value: object) => stdout.write(`${JSON.stringify(value)}\n`);
  const interrupt = listenForInterrupt(
    (line) => (isQuiet ? stderr.write(`${line}\n`) : progress.say(line)),
    interruptTexts,
  );
  try {
    const outcome = await run({ command, interrupt, onEvent: flags.json ? json : progress.onEvent });
    progress.close();
    if (flags.json)
      json({ type: 'result', ...outcome.result, ...(outcome.report && { report: outcome.report }) });
    else stdout.write(outcomeText(outcome));
    return outcome.result.status === 'finished'
      ? exitCodes.done
      : (interrupt.exitCode() ?? exitCodes.interrupted);
  } finally {
    progress.close();
    interrupt.dispose();
  }
}

const interruptTexts = {
  early: 'interrupted before training began; nothing was written.',
  first: 'interrupted: finishing this step and saving. Once more stops at once.',
  second: 'stopped at once; the newest complete checkpoint can be resumed.',
};

function outcomeText(outcome: ShownOutcome): string {
  const { result, steps, threads, backendModule, report, folder, resume } = outcome;
  if (report === undefined) {
    const again = [
      ...[resume, shellWord(folder)],
      ...(backendModule === undefined ? [] : ['--backend', shellWord(backendModule)]),
      ...(threads === undefined ? [] : ['--threads', threads]),
    ];
    return `stopped after step ${result.step} of ${steps}; saved in ${result.checkpoint}
go on with: ${again.join(' ')}
`;
  }
  return `
${result.evaluation === undefined ? 'learned by contrast alone; nothing was filled in' : evaluationText(result.evaluation)}

report      ${report}
checkpoint  ${result.checkpoint}
`;
}

function evaluationText(evaluation: PretrainEvaluation | SeriesEvaluation): string {
  const note =
    evaluation.split === 'training'
      ? '\nscored on the training series themselves: too few to hold some out'
      : '';
  return `${errorTable(evaluation.errors)}${note}`;
}

function version(): string {
  return (createRequire(import.meta.url)('../package.json') as { version: string }).version;
}
