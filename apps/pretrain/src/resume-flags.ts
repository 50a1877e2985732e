import { choice, defined, flagName, numberBetween, usageError, wholeNumber } from '@patchbert/command-line';
import { divergencePolicySchema } from '@patchbert/train';
import type { Command } from 'commander';

/** Flags of both kinds of runs that say what happens when training diverges. */
export interface DivergenceFlags {
  readonly onDivergence?: 'stop' | 'rollback';
  readonly rollbackFactor?: number;
  readonly maxRollbacks?: number;
}

export function addDivergenceFlags(command: Command): Command {
  const { action, rateFactor, rollbacks } = divergencePolicySchema.parse({});
  return command
    .addOption(
      choice(
        '--on-divergence <action>',
        `at NaN or infinity: stop, or go back to the last checkpoint with a lower rate (default: ${action})`,
        ['stop', 'rollback'],
      ),
    )
    .option(
      '--rollback-factor <share>',
      `what learning rates are multiplied by at each rollback (default: ${rateFactor})`,
      numberBetween(0, 1),
    )
    .option(
      '--max-rollbacks <count>',
      `rollbacks before the run stops after all (default: ${rollbacks})`,
      wholeNumber(1),
    );
}

/** The settings those flags are for. */
export function divergenceSettings(flags: DivergenceFlags) {
  const { onDivergence: action, rollbackFactor: rateFactor, maxRollbacks: rollbacks } = flags;
  return defined({ action, rateFactor, rollbacks });
}

/** `--force`, beside `--resume`. */
export function addForceFlag(command: Command): Command {
  return command.option(
    '--force',
    'with --resume: go on though settings, data or version are not those of the run; the receipt names what differs',
  );
}

/** Flags that make sense beside `--resume`; all others belong to the run already. */
const resumable = [
  'resume',
  'force',
  'steps',
  'data',
  'dataDir',
  'backend',
  'threads',
  'onDivergence',
  'rollbackFactor',
  'maxRollbacks',
  'quiet',
  'json',
];
/** Flags of a new run, whatever is forced. */
const beginning = ['config', 'output', 'epochs', 'minutes'];

/**
 * @param never those of `resumable` that this kind of run keeps all the same.
 * @throws PatchBertError `command-line/usage` for a flag that would change the run that should continue, unless that is forced.
 */
export function requireResumable(flags: { readonly force?: true }, never: readonly string[] = []): void {
  for (const [name, value] of Object.entries(flags)) {
    if (value === undefined || (resumable.includes(name) && !never.includes(name))) continue;
    if (flags.force && !beginning.includes(name)) continue;
    throw usageError(
      `${flagName(name)} cannot be combined with --resume: the run keeps the settings it began with. Leave it out, or start a new run.`,
    );
  }
}

/** @throws PatchBertError `command-line/usage` where there is no run to force. */
export function refuseForce({ force }: { readonly force?: true }): void {
  if (force) throw usageError('--force goes with --resume: a new run has nothing to differ from.');
}
