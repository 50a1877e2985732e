import { createRequire } from 'node:module';
import {
  describeBackends,
  exitCodes,
  listenForInterrupt,
  runCommand,
  type Streams,
  shellWord,
  silentOutput,
} from '@patchbert/command-line';
import { errorTable } from './error-table.ts';
import { createCommand, type Flags } from './flags.ts';
import { showProgress } from './progress.ts';
import { type PretrainingOutcome, runPretraining } from './run-pretraining.ts';

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
  const command = createCommand(version(), {
    async backends() {
      stdout.write(`${await describeBackends()}\n`);
    },
    async pretrain(flags) {
      exitCode = await pretrainCommand(flags, [programName, ...args.map(shellWord)].join(' '), {
        stdout,
        stderr,
      });
    },
  });
  const errorCode = await runCommand(command, args, stderr);
  return errorCode === exitCodes.done ? exitCode : errorCode;
}

async function pretrainCommand(flags: Flags, command: string, { stdout, stderr }: Streams): Promise<number> {
  const isQuiet = flags.quiet === true || flags.json === true;
  const progress = showProgress(isQuiet ? silentOutput : stderr);
  const json = (value: object) => stdout.write(`${JSON.stringify(value)}\n`);
  const interrupt = listenForInterrupt(
    (line) => (isQuiet ? stderr.write(`${line}\n`) : progress.say(line)),
    interruptTexts,
  );
  try {
    const outcome = await runPretraining(flags, {
      command,
      interrupt,
      onEvent: flags.json ? json : progress.onEvent,
    });
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

function outcomeText({ result, steps, threads, report }: PretrainingOutcome): string {
  if (result.evaluation === undefined || report === undefined) {
    return `stopped after step ${result.step} of ${steps}; saved in ${result.checkpoint}
go on with: ${programName} --resume ${shellWord(result.runFolder)}${threads === undefined ? '' : ` --threads ${threads}`}
`;
  }
  return `
${errorTable(result.evaluation.errors)}

report      ${report}
checkpoint  ${result.checkpoint}
`;
}

function version(): string {
  return (createRequire(import.meta.url)('../package.json') as { version: string }).version;
}
