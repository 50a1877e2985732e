import { type Command, CommanderError } from 'commander';
import { describeError, usageError } from '../errors/describe-error.ts';
import { exitCodes } from '../errors/exit-codes.ts';
import type { TextOutput } from '../output/status-line.ts';

/**
 * Parses the arguments after the program's name and runs what they ask for. Any error becomes one line on `stderr`;
 * never throws, never ends the process.
 *
 * @returns the exit code of the error, or `done`.
 * @example
 * process.exitCode = await runCommand(command, process.argv.slice(2), process.stderr);
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  stderr: TextOutput,
): Promise<number> {
  try {
    for (const each of [command, ...command.commands])
      each.exitOverride().configureOutput({ outputError: () => {} });
    await command.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    const { line, exitCode } = describeError(error instanceof CommanderError ? asUsageError(error) : error);
    stderr.write(`${line}\n`);
    return exitCode;
  }
}

function asUsageError(error: CommanderError): Error {
  const message = error.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
  return usageError(`${message.replace(/\s*\((Did you mean .*\?)\)$/, '. $1')}`);
}
