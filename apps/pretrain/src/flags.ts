import { didYouMean, parseConfig } from '@patchbert/errors';
import { pretrainConfigSchema } from '@patchbert/train';
import { Command, InvalidArgumentError, Option } from 'commander';
import { defaultBackend } from './backends.ts';
import { usageError } from './errors.ts';

/** What is pretrained on when nothing else is asked for: the data set that comes with the program. */
export const defaultData = 'beijing-air-quality';

/** Values of the command line as they were typed; absent flags are undefined. */
export interface Flags {
  readonly config?: string;
  readonly data?: string;
  readonly dataDir?: string;
  readonly channels?: readonly string[];
  /** `false` for `--no-time-column`. */
  readonly timeColumn?: string | false;
  readonly delimiter?: string;
  readonly timeOrder?: 'ascending' | 'any';
  /** `false` for `--no-header`. */
  readonly header?: boolean;
  readonly preset?: 'tiny' | 'small' | 'base';
  readonly contextLength?: number;
  readonly patchLength?: number;
  readonly masking?: 'random' | 'block' | 'geometric';
  readonly maskRatio?: number;
  readonly corruption?: 'visible-only' | 'zero' | 'token' | 'bert';
  readonly epochs?: number;
  readonly steps?: number;
  readonly minutes?: number;
  readonly scheduleSteps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly threads?: number;
  readonly output?: string;
  readonly resume?: string;
  readonly quiet?: true;
  readonly json?: true;
}

/** What the command line asks for. */
export interface Actions {
  pretrain(flags: Flags): Promise<void>;
  backends(): Promise<void>;
}

/** The command line, with strict flags: an unknown or malformed one is an error. */
export function createCommand(version: string, { pretrain, backends }: Actions): Command {
  const defaults = parseConfig(pretrainConfigSchema, { data: { source: defaultData } }, 'defaults');
  const defaultRatio = 'ratio' in defaults.masking ? defaults.masking.ratio : 0.4;
  const command = new Command('patchbert-pretrain')
    .description(
      'Pretrain a PatchBERT encoder on time series: hide patches, reconstruct them, keep what was learned.',
    )
    .usage('[options] | backends')
    .version(version, '--version')
    .helpOption('-h, --help')
    .helpCommand(false)
    .allowExcessArguments(false)
    .optionsGroup('Data:')
    .option('--data <path or name>', `a CSV file, or a data set by name (default: ${defaultData}, bundled)`)
    .addOption(
      new Option('--data-dir <folder>', 'folder with data sets known by name').env('PATCHBERT_DATA_DIR'),
    )
    .option('--channels <names>', 'columns to use, separated by commas (default: all)', commaSeparated)
    .option('--time-column <name>', 'CSV column of time stamps (default: found by its content)')
    .option('--no-time-column', 'the CSV has no time stamps')
    .option('--delimiter <character>', 'CSV separator, or "tab" (default: ,)', oneCharacter)
    // Without its positive twin a negated flag would count as given in every run.
    .addOption(new Option('--header').hideHelp())
    .option('--no-header', 'the CSV has no line of column names; they become column1, column2, ...')
    .addOption(
      choice('--time-order <order>', 'what time stamps must be (default: ascending)', ['ascending', 'any']),
    )
    .optionsGroup('Model:')
    .addOption(
      choice('--preset <name>', `size of the encoder (default: ${defaults.model.preset})`, [
        'tiny',
        'small',
        'base',
      ]),
    )
    .option(
      '--context-length <points>',
      `length of a window (default: ${defaults.contextLength})`,
      wholeNumber(1),
    )
    .option('--patch-length <points>', `length of a patch (default: ${defaults.patchLength})`, wholeNumber(1))
    .optionsGroup('Task:')
    .addOption(
      choice('--masking <geometry>', `which patches hide (default: ${defaults.masking.geometry})`, [
        'random',
        'block',
        'geometric',
      ]),
    )
    .option(
      '--mask-ratio <share>',
      `share of hidden patches, between 0 and 1 (default: ${defaultRatio})`,
      number,
    )
    .addOption(
      choice(
        '--corruption <policy>',
        `what the encoder sees in their place (default: ${defaults.corruption})`,
        ['visible-only', 'zero', 'token', 'bert'],
      ),
    )
    .optionsGroup('Training:')
    .addOption(
      new Option('--epochs <count>', 'passes over all training windows')
        .argParser(positive)
        .conflicts(['steps', 'minutes']),
    )
    .addOption(
      new Option('--steps <count>', `optimiser steps (default: ${defaults.steps})`)
        .argParser(wholeNumber(1))
        .conflicts('minutes'),
    )
    .addOption(new Option('--minutes <time>', 'as many steps as fit').argParser(positive))
    .option(
      '--schedule-steps <count>',
      'length of the learning-rate schedule, when --resume with more --steps shall follow (default: the steps of the run)',
      wholeNumber(1),
    )
    .option('--batch-size <series>', `series of one step (default: ${defaults.batchSize})`, wholeNumber(1))
    .option(
      '--learning-rate <rate>',
      `highest rate of the schedule (default: ${defaults.learningRate})`,
      positive,
    )
    .option('--seed <number>', 'everything random follows from it (default: 0)', wholeNumber(0))
    .optionsGroup('Machine:')
    .option('--backend <name>', `see "patchbert-pretrain backends" (default: ${defaultBackend})`)
    .option('--threads <count>', 'CPU threads (default: one per physical core)', wholeNumber(1))
    .optionsGroup('Run:')
    .option('--output <folder>', 'folder of the run, new or empty (default: runs/<data>-<time>)')
    .option(
      '--resume <folder>',
      'continue an interrupted run, exactly; takes --steps and the flags of the machine',
    )
    .option(
      '--config <file.json>',
      'every setting as JSON; flags win over it. A run keeps its own in config.json',
    )
    .option('--quiet', 'no progress, only the result')
    .option('--json', 'progress and result as JSON, one object per line, on standard output')
    .argument('[unexpected]')
    .action((unexpected: string | undefined, flags: Flags) => {
      if (unexpected !== undefined) throw unexpectedWord(unexpected);
      return pretrain(flags);
    });
  command
    .command('backends')
    .description('list the backends and whether they run here')
    .action(() => backends());
  command.addHelpText(
    'after',
    `
Examples:
  $ patchbert-pretrain                                   bundled data, a few minutes
  $ patchbert-pretrain --data load.csv --minutes 10
  $ patchbert-pretrain --data ETTh1 --data-dir ~/data --preset base --epochs 5
  $ patchbert-pretrain --resume runs/load-20260302-140501

Exit codes: 0 done, 1 failed, 2 bad command line, 3 training diverged, 130 interrupted (and saved).`,
  );
  for (const each of [command, ...command.commands])
    each.exitOverride().configureOutput({ outputError: () => {} });
  return command;
}

function unexpectedWord(word: string): Error {
  const hint =
    didYouMean(word, ['backends']) || ' A data set or file goes behind --data; all else has a flag.';
  return usageError(`unexpected argument "${word}".${hint}`);
}

/** Flags that make sense beside `--resume`; all others belong to the run already. */
const resumable: readonly (keyof Flags)[] = [
  'resume',
  'steps',
  'data',
  'dataDir',
  'backend',
  'threads',
  'quiet',
  'json',
];

/** @throws PatchBertError `pretrain/usage` for a flag that would change the run that should continue. */
export function requireResumable(flags: Flags): void {
  for (const name of Object.keys(flags) as (keyof Flags)[]) {
    if (flags[name] === undefined || resumable.includes(name)) continue;
    throw usageError(
      `${flagName(name)} cannot be combined with --resume: the run keeps the settings it began with. Leave it out, or start a new run.`,
    );
  }
}

/** `contextLength` -> `--context-length`. */
export function flagName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `choices` with a suggestion in its error. */
function choice(flags: string, description: string, choices: readonly string[]): Option {
  const option = new Option(flags, `${description}; one of ${choices.join(', ')}`);
  return option.argParser((text: string) => {
    if (choices.includes(text)) return text;
    throw new InvalidArgumentError(
      `${didYouMean(text, choices).trim() || `Choose one of ${choices.join(', ')}.`}`,
    );
  });
}

function wholeNumber(minimum: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (Number.isSafeInteger(value) && value >= minimum) return value;
    throw new InvalidArgumentError(`Expected a whole number of at least ${minimum}.`);
  };
}

function positive(text: string): number {
  const value = decimal(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

function number(text: string): number {
  const value = decimal(text);
  if (Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

/** Plain decimal numbers only; `NaN` for the empty text, `0x10` and other surprises of `Number`. */
function decimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

function oneCharacter(text: string): string {
  const character = text === 'tab' || text === '\\t' ? '\t' : text;
  if (character.length === 1) return character;
  throw new InvalidArgumentError('Expected one character, or "tab".');
}

function commaSeparated(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError('Expected names separated by commas.');
}
