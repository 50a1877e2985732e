import {
  addBackendsCommand,
  addDataFlags,
  type BackendsFlags,
  backendFlag,
  choice,
  type DataFlags,
  finiteNumber,
  flagName,
  numberBetween,
  positiveNumber,
  usageError,
  wholeNumber,
} from '@patchbert/command-line';
import { didYouMean, parseConfig } from '@patchbert/errors';
import { pretrainConfigSchema } from '@patchbert/train';
import { Command, Option } from 'commander';
import { addDivergenceFlags, addForceFlag, type DivergenceFlags } from './resume-flags.ts';
import { createSeriesCommand, type SeriesFlags } from './series/series-flags.ts';

/** What is pretrained on when nothing else is asked for: the data set that comes with the program. */
export const defaultData = 'beijing-air-quality';

/** Values of the command line as they were typed; absent flags are undefined. */
export interface Flags extends DataFlags, DivergenceFlags {
  readonly config?: string;
  readonly preset?: 'tiny' | 'small' | 'base';
  readonly contextLength?: number;
  readonly patchLength?: number;
  readonly masking?: 'random' | 'block' | 'geometric';
  readonly maskRatio?: number;
  readonly corruption?: 'visible-only' | 'zero' | 'token' | 'bert';
  readonly spectrumWeight?: number;
  readonly epochs?: number;
  readonly steps?: number;
  readonly minutes?: number;
  readonly scheduleSteps?: number;
  readonly batchSize?: number;
  readonly accumulateSteps?: number;
  readonly learningRate?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly threads?: number;
  readonly output?: string;
  readonly resume?: string;
  readonly force?: true;
  readonly quiet?: true;
  readonly json?: true;
}

/** What the command line asks for. */
export interface Actions {
  pretrain(flags: Flags): Promise<void>;
  series(flags: SeriesFlags): Promise<void>;
  backends(named: readonly string[], flags: BackendsFlags): Promise<void>;
}

/** The command line, with strict flags: an unknown or malformed one is an error. */
export function createCommand(version: string, { pretrain, series, backends }: Actions): Command {
  const defaults = parseConfig(pretrainConfigSchema, { data: { source: defaultData } }, 'defaults');
  const defaultRatio = 'ratio' in defaults.masking ? defaults.masking.ratio : 0.4;
  const command = new Command('patchbert-pretrain')
    .description(
      'Pretrain a PatchBERT encoder on time series: hide patches, reconstruct them, keep what was learned.',
    )
    .usage('[options] | series [options] | backends [options]')
    .enablePositionalOptions()
    .version(version, '--version')
    .helpOption('-h, --help')
    .helpCommand(false)
    .allowExcessArguments(false)
    .optionsGroup('Data:');
  addDataFlags(command, `${defaultData}, bundled`)
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
      finiteNumber,
    )
    .addOption(
      choice(
        '--corruption <policy>',
        `what the encoder sees in their place (default: ${defaults.corruption})`,
        ['visible-only', 'zero', 'token', 'bert'],
      ),
    )
    .option(
      '--spectrum-weight <weight>',
      `weight of the difference between spectra in the loss (default: ${defaults.spectrumWeight})`,
      numberBetween(0, Number.MAX_VALUE),
    )
    .optionsGroup('Training:')
    .addOption(
      new Option('--epochs <count>', 'passes over all training windows')
        .argParser(positiveNumber)
        .conflicts(['steps', 'minutes']),
    )
    .addOption(
      new Option('--steps <count>', `optimiser steps (default: ${defaults.steps})`)
        .argParser(wholeNumber(1))
        .conflicts('minutes'),
    )
    .addOption(new Option('--minutes <time>', 'as many steps as fit').argParser(positiveNumber))
    .option(
      '--schedule-steps <count>',
      'length of the learning-rate schedule, when --resume with more --steps shall follow (default: the steps of the run)',
      wholeNumber(1),
    )
    .option('--batch-size <series>', `series of one step (default: ${defaults.batchSize})`, wholeNumber(1))
    .option(
      '--accumulate-steps <count>',
      'steps whose gradients make one update, for batches too large for the device (default: 1)',
      wholeNumber(1),
    )
    .option(
      '--learning-rate <rate>',
      `highest rate of the schedule (default: ${defaults.learningRate})`,
      positiveNumber,
    )
    .option('--seed <number>', 'everything random follows from it (default: 0)', wholeNumber(0));
  addDivergenceFlags(command)
    .optionsGroup('Machine:')
    .option(...backendFlag('patchbert-pretrain'))
    .option('--threads <count>', 'CPU threads (default: one per physical core)', wholeNumber(1))
    .optionsGroup('Run:')
    .option('--output <folder>', 'folder of the run, new or empty (default: runs/<data>-<time>)')
    .option(
      '--resume <folder>',
      'continue an interrupted run, exactly; takes --steps and the flags of the machine',
    );
  addForceFlag(command)
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
  addBackendsCommand(command, (named, flags) => {
    requireFlagsBehind(command, 'backends');
    return backends(named, flags);
  });
  command.addCommand(
    createSeriesCommand((flags) => {
      requireFlagsBehind(command, 'series');
      return series(flags);
    }),
  );
  command.addHelpText(
    'after',
    `
Examples:
  $ patchbert-pretrain                                   bundled data, a few minutes
  $ patchbert-pretrain --data load.csv --minutes 10
  $ patchbert-pretrain --data ETTh1 --data-dir ~/data --preset base --epochs 5
  $ patchbert-pretrain series                            whole series, for classification and regression
  $ patchbert-pretrain --resume runs/load-20260302-140501

Exit codes: 0 done, 1 failed, 2 bad command line, 3 training diverged, 130 interrupted (and saved).`,
  );
  return command;
}

/** Flags before the word would be of pretraining without it, and do nothing. */
function requireFlagsBehind(command: Command, word: string): void {
  const early = Object.keys(command.opts()).find((name) => command.getOptionValueSource(name) === 'cli');
  if (early !== undefined) throw usageError(`${flagName(early)} stands before "${word}"; put it behind.`);
}

function unexpectedWord(word: string): Error {
  const hint =
    didYouMean(word, ['backends', 'series']) ||
    ' A data set or file goes behind --data; all else has a flag.';
  return usageError(`unexpected argument "${word}".${hint}`);
}
