import {
  addSeriesFlags,
  backendFlag,
  choice,
  numberBetween,
  positiveNumber,
  type SeriesFlags as SeriesDataFlags,
  wholeNumber,
} from '@patchbert/command-line';
import { parseConfig } from '@patchbert/errors';
import { seriesRunSchema } from '@patchbert/series';
import { Command } from 'commander';
import { addDivergenceFlags, addForceFlag, type DivergenceFlags } from '../resume-flags.ts';

/** What is pretrained on when nothing else is asked for: the set of series that comes with the program. */
export const defaultSeries = 'JapaneseVowels';

/** Values of the command line of `series` as they were typed; absent flags are undefined. */
export interface SeriesFlags
  extends Omit<SeriesDataFlags, 'train' | 'test' | 'targetColumn'>,
    DivergenceFlags {
  readonly window?: number;
  readonly stride?: number;
  readonly channels?: 'mixed' | 'independent';
  readonly normalise?: 'train-set' | 'per-series' | 'none';
  readonly patchLength?: number;
  readonly patchStride?: number;
  readonly width?: number;
  readonly layers?: number;
  readonly heads?: number;
  readonly classToken?: true;
  readonly maskRatio?: number;
  readonly secondMaskRatio?: number;
  readonly keptTokens?: number;
  readonly reconstructionWeight?: number;
  readonly spectrumWeight?: number;
  readonly instanceContrastWeight?: number;
  readonly hierarchicalContrastWeight?: number;
  readonly temperature?: number;
  /** `false` for `--no-augment`. */
  readonly augment?: boolean;
  readonly steps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly validationShare?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly threads?: number;
  readonly config?: string;
  readonly output?: string;
  readonly resume?: string;
  readonly force?: true;
  readonly quiet?: true;
  readonly json?: true;
}

/** The sub-command `series`, with strict flags: an unknown or malformed one is an error. */
export function createSeriesCommand(pretrain: (flags: SeriesFlags) => Promise<void>): Command {
  const defaults = parseConfig(seriesRunSchema, { data: { source: defaultSeries } }, 'defaults');
  const { losses, training, ...task } = defaults.pretraining;
  const weight = numberBetween(0, 1e9);
  const command = new Command('series')
    .description('pretrain on whole series, for classification and regression; labels are never read')
    .helpOption('-h, --help')
    .allowExcessArguments(false)
    .optionsGroup('Data:');
  addSeriesFlags(command, { standard: `${defaultSeries}, bundled` })
    .option(
      '--window <points>',
      'windows of long recordings are the series: any file or name that pretraining without "series" takes',
      wholeNumber(1),
    )
    .option(
      '--stride <points>',
      'points from one window to the next (default: the length of a window)',
      wholeNumber(1),
    )
    .option(
      '--validation-share <share>',
      `share of 50 or more series that is held out (default: ${defaults.validationShare})`,
      numberBetween(0, 1),
    )
    .optionsGroup('Model:')
    .addOption(
      choice('--channels <how>', 'all channels in one token, or each read by itself (default: mixed)', [
        'mixed',
        'independent',
      ]),
    )
    .addOption(
      choice('--normalise <by>', 'mean and deviation that scale a channel (default: train-set)', [
        'train-set',
        'per-series',
        'none',
      ]),
    )
    .option('--patch-length <points>', 'length of a patch (default: by the longest series)', wholeNumber(1))
    .option(
      '--patch-stride <points>',
      'points from one patch to the next (default: by the patch length)',
      wholeNumber(1),
    )
    .option('--width <size>', 'numbers of a token (default: 64)', wholeNumber(1))
    .option('--layers <count>', 'blocks of the encoder (default: 3)', wholeNumber(1))
    .option('--heads <count>', 'attention heads (default: 4)', wholeNumber(1))
    .option('--class-token', 'a learned token stands for the whole series')
    .optionsGroup('Task:')
    .option(
      '--mask-ratio <share>',
      `hidden share of a series (default: ${task.maskRatio})`,
      numberBetween(0, 1),
    )
    .option(
      '--second-mask-ratio <share>',
      `the same for the second view of contrasts (default: ${task.secondMaskRatio})`,
      numberBetween(0, 1),
    )
    .option(
      '--kept-tokens <share>',
      `share of the tokens that a step reads (default: ${task.keptTokens})`,
      numberBetween(0, 1),
    )
    .option(
      '--reconstruction-weight <weight>',
      `of the squared error of hidden points (default: ${losses.reconstruction})`,
      weight,
    )
    .option(
      '--spectrum-weight <weight>',
      `of the difference between spectra (default: ${losses.spectrum})`,
      weight,
    )
    .option(
      '--instance-contrast-weight <weight>',
      `of telling series apart (default: ${losses.instanceContrast})`,
      weight,
    )
    .option(
      '--hierarchical-contrast-weight <weight>',
      `of telling series and moments apart at every scale (default: ${losses.hierarchicalContrast})`,
      weight,
    )
    .option(
      '--temperature <number>',
      `of telling series apart (default: ${task.temperature})`,
      positiveNumber,
    )
    .option('--no-augment', 'series as they are: time is not bent, nothing scaled, no noise')
    .optionsGroup('Training:')
    .option(
      '--steps <count>',
      'optimiser steps (default: 500; 10 passes over the series where that is more, up to 1000)',
      wholeNumber(1),
    )
    .option('--batch-size <series>', `series of one step (default: ${training.batchSize})`, wholeNumber(1))
    .option(
      '--learning-rate <rate>',
      `highest rate of the schedule (default: ${training.learningRate})`,
      positiveNumber,
    )
    .option('--seed <number>', 'everything random follows from it (default: 0)', wholeNumber(0));
  addDivergenceFlags(command)
    .optionsGroup('Machine:')
    .option(...backendFlag('patchbert-pretrain'))
    .option('--threads <count>', 'CPU threads (default: one per physical core)', wholeNumber(1))
    .optionsGroup('Run:')
    .option('--output <folder>', 'folder of the run, new or empty (default: runs/<data>-<time>)')
    .option('--resume <folder>', 'continue an interrupted run, exactly; takes the flags of the machine');
  addForceFlag(command)
    .option(
      '--config <file.json>',
      'every setting as JSON; flags win over it. A run keeps its own in config.json',
    )
    .option('--quiet', 'no progress, only the result')
    .option('--json', 'progress and result as JSON, one object per line, on standard output')
    .action((flags: SeriesFlags) => pretrain(withoutUnasked(command, flags)));
  return command.addHelpText(
    'after',
    `
Examples:
  $ patchbert-pretrain series                                     bundled data, a minute or two
  $ patchbert-pretrain series --data GunPoint --data-dir ~/data
  $ patchbert-pretrain series --data motions.csv --id-column case --label-column activity
  $ patchbert-pretrain series --data load.csv --window 96 --stride 24`,
  );
}

/** A negated flag counts as given in every run. */
function withoutUnasked(command: Command, { augment, ...flags }: SeriesFlags): SeriesFlags {
  return command.getOptionValueSource('augment') === 'cli' ? { ...flags, augment: augment! } : flags;
}
