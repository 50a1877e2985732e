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
import { createCommand } from './commands/create-command.ts';
import type { MachineFlags } from './flags/machine-flags.ts';
import { showProgress } from './output/progress.ts';
import { programName } from './program-name.ts';
import { isInterruption } from './run/interrupted.ts';
import { runBacktest } from './run/run-backtest.ts';
import { runEmbed } from './run/run-embed.ts';
import { runEvaluate } from './run/run-evaluate.ts';
import { runExport } from './run/run-export.ts';
import { runForecast } from './run/run-forecast.ts';
import { runInspect } from './run/run-inspect.ts';
import { runPredict } from './run/run-predict.ts';
import type { Session } from './run/session.ts';
import { runClassify, runRegress } from './series/run-series-model.ts';

/**
 * Runs `patchbert-finetune` with the arguments after the program's name and returns its exit code. Prints one line for
 * an error a user can act on; never throws.
 *
 * @example
 * process.exitCode = await runCli(process.argv.slice(2), process);
 */
export async function runCli(args: readonly string[], streams: Streams): Promise<number> {
  const { stdout, stderr } = streams;
  let interruptCode: number | undefined;
  let backendsCode: number | undefined;
  const within =
    <Flags extends object>(run: (flags: Flags, session: Session) => Promise<void>) =>
    async (flags: Flags) => {
      interruptCode = await withSession(flags, args, streams, (session) => run(flags, session));
    };
  const command = createCommand(version(), {
    forecast: within(runForecast),
    classify: within(runClassify),
    regress: within(runRegress),
    predict: within(runPredict),
    evaluate: within(runEvaluate),
    embed: within(runEmbed),
    backtest: within(runBacktest),
    export: within(runExport),
    inspect: (flags) => runInspect(flags, stdout),
    async backends(named, flags) {
      backendsCode = await runBackends(named, flags, streams);
    },
  });
  const code = await runCommand(command, args, stderr);
  return code === exitCodes.done ? (interruptCode ?? backendsCode ?? code) : code;
}

/** Gives a command its progress, interrupt and output; returns the exit code of a signal that stopped it. */
async function withSession(
  flags: MachineFlags,
  args: readonly string[],
  { stdout, stderr }: Streams,
  run: (session: Session) => Promise<void>,
): Promise<number | undefined> {
  const isQuiet = flags.quiet === true || flags.json === true;
  const progress = showProgress(isQuiet ? silentOutput : stderr);
  const interrupt = listenForInterrupt(
    (line) => (isQuiet ? stderr.write(`${line}\n`) : progress.say(line)),
    interruptTexts,
  );
  const json = (value: object) => stdout.write(`${JSON.stringify(value)}\n`);
  try {
    await run({
      command: [programName, ...args.map(shellWord)].join(' '),
      interrupt,
      stdout,
      onEvent: flags.json ? json : progress.onEvent,
      closeProgress: progress.close,
      finish(text, value) {
        progress.close();
        if (flags.json) json({ type: 'result', ...value });
        else stdout.write(text);
      },
    });
  } catch (error) {
    if (!isInterruption(error)) throw error;
    progress.close();
    stderr.write(`${error.message}\n`);
  } finally {
    progress.close();
    interrupt.dispose();
  }
  return interrupt.exitCode();
}

const interruptTexts = {
  early: 'interrupted before anything was written.',
  first: 'interrupted: stopping. Once more stops at once.',
  second: 'stopped at once.',
};

function version(): string {
  return (createRequire(import.meta.url)('../package.json') as { version: string }).version;
}
