import {
  addDataFlags,
  addTableFlags,
  choice,
  commaSeparated,
  type DataFlags,
  listOf,
  numberBetween,
  positiveNumber,
  type TableFlags,
  wholeNumber,
} from '@patchbert/command-line';
import { type Command, Option } from 'commander';
import { addMachineFlags, type MachineFlags } from './machine-flags.ts';

/** What is forecast when nothing else is asked for: the data set that comes with the program. */
export const defaultData = 'beijing-air-quality';

/** Values of `patchbert-finetune forecast` as they were typed; absent flags are undefined. */
export interface ForecastFlags extends DataFlags, TableFlags, MachineFlags {
  readonly checkpoint?: string;
  readonly pretrainingSteps?: number;
  readonly target?: string;
  readonly mode?: (typeof modes)[number];
  readonly covariates?: readonly string[];
  readonly calendar?: true;
  readonly horizon?: readonly number[];
  readonly contextLength?: number;
  readonly trainFraction?: number;
  readonly adapt?: (typeof adaptations)[number];
  readonly linearWeight?: number;
  readonly loss?: (typeof losses)[number];
  readonly steps?: number;
  readonly batchSize?: number;
  readonly learningRate?: number;
  readonly encoderLearningRate?: number;
  readonly headDropout?: number;
  readonly seed?: number;
  readonly control?: boolean;
  readonly resizePositions?: true;
  readonly audit?: true;
  readonly config?: string;
  readonly output?: string;
}

const modes = ['multivariate', 'target-only', 'univariate'] as const;
const adaptations = ['ridge', 'linear-probe', 'fine-tune', 'probe-then-fine-tune', 'scratch'] as const;
const losses = ['mse', 'mae', 'huber', 'quantile'] as const;

/** Adds the flags of `ForecastFlags`. */
export function addForecastFlags(command: Command): Command {
  command
    .optionsGroup('Encoder:')
    .option(
      '--checkpoint <folder>',
      'a pretraining run or one of its checkpoints (default: the newest run in runs/ on the same data, else one is pretrained first)',
    )
    .option(
      '--pretraining-steps <count>',
      'steps of the pretraining when none is found (default: those of patchbert-pretrain)',
      wholeNumber(1),
    )
    .optionsGroup('Data:');
  addDataFlags(command, `${defaultData}, bundled`);
  addTableFlags(command)
    .option('--target <name>', 'the one channel to be scored (default: all)')
    .addOption(
      choice(
        '--mode <mode>',
        'which channels train, and which are scored (default: target-only with --target, else multivariate)',
        modes,
      ),
    )
    .option(
      '--covariates <names>',
      'channels whose future is known, such as a price list; inputs only',
      commaSeparated,
    )
    .option('--calendar', 'hour, weekday and day of the year of the forecast are inputs')
    .optionsGroup('Task:')
    .option(
      '--horizon <points>',
      'how far to look ahead; several as 96,192 (default: those of the data set, else 96)',
      listOf(wholeNumber(1)),
    )
    .option(
      '--context-length <points>',
      'how far to look back (default: as the encoder was pretrained)',
      wholeNumber(1),
    )
    .option('--resize-positions', 'another context length than that of pretraining: interpolate positions')
    .option(
      '--train-fraction <share>',
      'use only this share of the training windows, the latest ones (default: 1)',
      numberBetween(0, 1),
    )
    .optionsGroup('Method:')
    .addOption(
      choice('--adapt <method>', 'how the encoder becomes a forecaster (default: ridge)', adaptations),
    )
    .option(
      '--linear-weight <share>',
      'share of the linear model in the mean of both (default: 0.5)',
      numberBetween(0, 1),
    )
    .addOption(choice('--loss <name>', 'what training by gradient makes small (default: mse)', losses))
    .option('--steps <count>', 'optimiser steps of training by gradient', wholeNumber(1))
    .option('--batch-size <series>', 'series of one step', wholeNumber(1))
    .option('--learning-rate <rate>', 'highest learning rate of the head', positiveNumber)
    .option(
      '--encoder-learning-rate <rate>',
      'highest learning rate of the last encoder layer',
      positiveNumber,
    )
    .option('--head-dropout <share>', 'dropout before the head', numberBetween(0, 0.99))
    .option('--seed <number>', 'everything random follows from it (default: 0)', wholeNumber(0))
    // Without its positive twin a negated flag would count as given in every run.
    .addOption(new Option('--control').hideHelp())
    .option('--no-control', 'do not score the same network without pretraining beside it: faster')
    .option('--audit', 'prove that no forecast saw its future')
    .optionsGroup('Run:')
    .option(
      '--output <folder>',
      'folder of the forecaster, new or empty (default: runs/<data>-forecast-<time>)',
    )
    .addOption(new Option('--config <file.json>', 'every setting as JSON; flags win over it'));
  return addMachineFlags(command);
}
