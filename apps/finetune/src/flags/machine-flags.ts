import { backendFlag, wholeNumber } from '@patchbert/command-line';
import type { Command } from 'commander';

/** Where a command computes and how much it says. */
export interface MachineFlags {
  readonly backend?: string;
  readonly threads?: number;
  readonly quiet?: true;
  readonly json?: true;
}

/** Adds the flags of `MachineFlags`. */
export function addMachineFlags(command: Command): Command {
  return command
    .optionsGroup('Machine:')
    .option(...backendFlag('patchbert-finetune'))
    .option('--threads <count>', 'CPU threads (default: one per physical core)', wholeNumber(1))
    .optionsGroup('Output:')
    .option('--quiet', 'no progress, only the result')
    .option('--json', 'progress and result as JSON, one object per line, on standard output');
}
