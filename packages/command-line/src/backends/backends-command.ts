import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { exitCodes } from '../errors/exit-codes.ts';
import { type Streams, silentOutput, statusLine } from '../output/status-line.ts';
import { backendsText, checksText } from './backends-text.ts';
import { type InspectedBackend, inspectBackend } from './inspect-backend.ts';
import { type ListedBackend, listBackends } from './list-backends.ts';

export interface BackendsFlags {
  readonly check?: true;
  readonly json?: true;
}

/**
 * Adds the sub-command `backends`: which backends there are, whether they run here, and with `--check` whether they compute
 * what they should.
 *
 * @param run what to do with the names and flags; `runBackends` of the same package, usually.
 */
export function addBackendsCommand(
  program: Command,
  run: (named: readonly string[], flags: BackendsFlags) => Promise<void>,
): Command {
  program
    .command('backends')
    .description('list the backends and whether they run here; --check has them train a few steps')
    .helpOption('-h, --help')
    .argument(
      '[backend...]',
      'a backend by name, module file or package (default: all that come with the program)',
    )
    .option('--check', 'train a few steps on each that runs here, and compare with the reference')
    .option('--json', 'one JSON object per backend and line')
    .action(run)
    .addHelpText(
      'after',
      `
Examples:
  $ ${program.name()} backends
  $ ${program.name()} backends tfjs-webgpu --check
  $ ${program.name()} backends ./my-backend.mjs --check

Exit codes: 0 done, 1 a backend that was named does not run here, or a check failed, 2 bad command line.`,
    );
  return program;
}

/**
 * Lists or checks backends and writes what came out.
 *
 * @returns the exit code: `failed` when a named one cannot run or a check failed.
 */
export async function runBackends(
  named: readonly string[],
  { check = false, json = false }: { readonly check?: boolean; readonly json?: boolean },
  { stdout, stderr }: Streams,
): Promise<number> {
  const backends = await listBackends(named);
  const status = statusLine(json ? silentOutput : stderr);
  const inspected = await inspectAll(backends, check, (name) => {
    if (check) status.show(() => `checking ${name} ...`, stderr.isTTY === true);
  });
  status.close();
  if (json) for (const one of inspected) stdout.write(`${JSON.stringify(jsonOf(one))}\n`);
  else {
    const width = stdout.isTTY === true ? stdout.columns : undefined;
    stdout.write(`${(check ? checksText : backendsText)(inspected, width)}\n`);
  }
  const isNamed = named.length > 0;
  const isWrong = inspected.some(
    ({ availability, check: result, failure }) =>
      failure !== undefined || result?.passed === false || (isNamed && !availability.available),
  );
  return isWrong ? exitCodes.failed : exitCodes.done;
}

/** Checks one after the other, for they are timed; only asked, as many at once as there are cores. */
async function inspectAll(
  backends: readonly ListedBackend[],
  check: boolean,
  onStart: (name: string) => void,
): Promise<readonly InspectedBackend[]> {
  const inspected: InspectedBackend[] = [];
  const waiting = [...backends.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, backend] = next;
      onStart(backend.name);
      inspected[index] = await inspectBackend(backend, { check });
    }
  };
  await Promise.all(Array.from({ length: check ? 1 : availableParallelism() }, work));
  return inspected;
}

function jsonOf({ typed, isDefault, availability, ...rest }: InspectedBackend): object {
  const { name, description, check, failure } = rest;
  return {
    type: 'backend',
    name,
    description,
    ...(typed !== name && { module: typed }),
    default: isDefault,
    ...availability,
    ...(check && { check }),
    ...(failure !== undefined && { failure }),
  };
}
