import { createRequire } from 'node:module';
import process from 'node:process';
import { PatchBertError } from '@patchbert/errors';
import { Command, CommanderError } from 'commander';
import type { Context, TextOutput } from './context.ts';
import { install } from './install.ts';
import type { InstallOptions } from './install-plan.ts';
import { status } from './status.ts';
import { uninstall } from './uninstall.ts';

/** Exit codes, the same as those of the other programs. */
const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130, terminated: 143 } as const;

/** Where the command stands and writes. */
export interface Surroundings {
  readonly project: string;
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
}

/** Runs `patchbert-node-gpu` with the arguments after its name and returns its exit code; an error is one line. */
export async function runCli(
  args: readonly string[],
  { project, stdout, stderr }: Surroundings,
): Promise<number> {
  const interrupt = new AbortController();
  let interruptCode: number = exitCodes.interrupted;
  const onSignal = (name: NodeJS.Signals) => {
    interruptCode = name === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
    interrupt.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let exitCode: number = exitCodes.done;
  const context: Context = {
    project,
    signal: interrupt.signal,
    watched: stdout.isTTY === true,
    say: (line) => void stdout.write(`${line}\n`),
  };
  try {
    const command = createCommand({
      install: (options) => install(options, context),
      status: async (options) => {
        exitCode = (await status(options, context)) ? exitCodes.done : exitCodes.failed;
      },
      uninstall: (options) => uninstall(options, context),
    });
    for (const each of [command, ...command.commands]) {
      each.exitOverride().configureOutput({
        writeOut: (text) => void stdout.write(text),
        outputError: () => {},
      });
    }
    await command.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    if (interrupt.signal.aborted) {
      stderr.write('interrupted; nothing half made was left behind.\n');
      return interruptCode;
    }
    // Called without a word, it has shown its help.
    const line =
      error instanceof CommanderError && error.code === 'commander.help' ? '' : `error: ${describe(error)}\n`;
    stderr.write(line);
    return error instanceof CommanderError ? exitCodes.usage : exitCodes.failed;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

interface Actions {
  install(options: InstallOptions): Promise<void>;
  status(options: { readonly cache?: string }): Promise<void>;
  uninstall(options: { readonly cache?: string | true }): Promise<void>;
}

function createCommand(actions: Actions): Command {
  const command = new Command('patchbert-node-gpu')
    .description("Installs TensorFlow's native library for the backends tfjs-node-gpu and tfjs-node-cpu")
    .version((createRequire(import.meta.url)('../../package.json') as { version: string }).version);
  command
    .command('install')
    .description('downloads the libraries, builds the native binding in node_modules, and tries it')
    .option('--cpu', 'for the CPU: 274 MB to download, in place of 3400')
    .option('--cache <folder>', 'where libraries are kept (default: patchbert in your cache folder)')
    .option('--wheel <file>', 'a TensorFlow wheel that is there, in place of a download')
    .option('--nvidia <folder>', 'CUDA libraries that are there, such as .../site-packages/nvidia')
    .option('--compiler <command>', 'the C++ compiler (default: g++, c++ or clang++)')
    .action(async (options: InstallOptions) => {
      if (options.cpu && options.nvidia !== undefined) {
        command.error('--nvidia has no meaning with --cpu; leave one of them out.');
      }
      await actions.install(options);
    });
  command
    .command('status')
    .alias('doctor')
    .description('says what is there and what is missing; ends with 1 when neither backend runs')
    .option('--cache <folder>', 'where libraries are kept')
    .action(actions.status);
  command
    .command('uninstall')
    .description('removes what install made in node_modules, and nothing else')
    .option('--cache [folder]', 'the kept libraries too, which other projects may use')
    .action(actions.uninstall);
  return command;
}

function describe(error: unknown): string {
  if (error instanceof PatchBertError || error instanceof CommanderError) {
    return error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  }
  if (error instanceof Error && 'syscall' in error) return error.message;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this should not happen, please report it: ${detail}`;
}
