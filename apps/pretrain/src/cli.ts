import { createRequire } from 'node:module';
import { CommanderError } from 'commander';
import { describeBackends } from './backends.ts';
import { errorTable } from './error-table.ts';
import { describeError, exitCodes, usageError } from './errors.ts';
import { createCommand, type Flags } from './flags.ts';
import { listenForInterrupt } from './interrupt.ts';
import { type ProgressOutput, showProgress } from './progress.ts';
import { type PretrainingOutcome, runPretraining } from './run-pretraining.ts';

/** What to type to start this program again; the launcher of the repository has another way. */
const programName = process.env.PATCHBERT_PROGRAM ?? 'patchbert-pretrain';

/** The streams of the program: results on `stdout`, progress and errors on `stderr`. */
export interface Streams {
  readonly stdout: ProgressOutput;
  readonly stderr: ProgressOutput;
}

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
  try {
    await command.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { line, exitCode } = describeError(error instanceof CommanderError ? asUsageError(error) : error);
    stderr.write(`${line}\n`);
    return exitCode;
  }
}

async function pretrainCommand(flags: Flags, command: string, { stdout, stderr }: Streams): Promise<number> {
  const isQuiet = flags.quiet === true || flags.json === true;
  const progress = showProgress(isQuiet ? { write: () => {} } : stderr);
  const json = (value: object) => stdout.write(`${JSON.stringify(value)}\n`);
  const interrupt = listenForInterrupt((line) => (isQuiet ? stderr.write(`${line}\n`) : progress.say(line)));
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

function asUsageError(error: CommanderError): Error {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return usageError(`${message.replace(/\s*\((Did you mean .*\?)\)$/, '. $1')}`);
}

/** A word as a POSIX shell reads it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function version(): string {
  return (createRequire(import.meta.url)('../package.json') as { version: string }).version;
}
