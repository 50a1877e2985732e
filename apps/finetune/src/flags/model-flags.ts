import {
  addDataFlags,
  addTableFlags,
  choice,
  type DataFlags,
  listOf,
  numberBetween,
  type TableFlags,
  wholeNumber,
} from '@patchbert/command-line';
import type { EmbeddingPooling } from '@patchbert/embed';
import type { Command, Option } from 'commander';
import { addMachineFlags, type MachineFlags } from './machine-flags.ts';
import { addSeriesInputFlags, type SeriesInputFlags } from './series-input-flags.ts';

/** Flags of every command that uses a model. */
export interface ModelFlags {
  readonly model?: string;
}

export interface InputFlags extends ModelFlags, DataFlags, TableFlags, SeriesInputFlags {}

export interface PredictFlags extends InputFlags, Omit<MachineFlags, 'json'> {
  readonly horizon?: number;
  readonly quantiles?: readonly number[];
  readonly future?: string;
  readonly format?: 'csv' | 'json';
  readonly output?: string;
}

export interface EvaluateFlags extends InputFlags, MachineFlags {
  readonly split?: 'validation' | 'test';
}

export interface BacktestFlags extends ModelFlags, DataFlags, TableFlags, MachineFlags {
  readonly horizon?: number;
  readonly stride?: number;
  readonly refitEvery?: number;
}

export interface ExportFlags extends ModelFlags, Pick<MachineFlags, 'json'> {
  readonly what?: 'model' | 'encoder' | 'training-step';
  readonly data?: string;
  readonly dataDir?: string;
  readonly idColumn?: string;
  readonly pooling?: EmbeddingPooling;
  readonly horizon?: number;
  readonly quantiles?: readonly number[];
  readonly output?: string;
}

export interface InspectFlags extends ModelFlags {
  readonly json?: true;
}

const fittedModel = 'the folder that "patchbert-finetune forecast", "classify" or "regress" wrote';

const horizonFlag = [
  '--horizon <points>',
  'how far to look ahead (default: the longest it was fitted for)',
  wholeNumber(1),
] as const;

const quantilesFlag = [
  '--quantiles <levels>',
  'levels from .005 to .995, such as .1,.5,.9 (default: those of the fit, .1 to .9)',
  listOf(numberBetween(0.005, 0.995)),
] as const;

/** How an encoder makes one vector of the patches of a window. */
export function poolingFlag(): Option {
  return choice('--pooling <how>', 'how the patches of a channel become one vector (default: mean)', [
    'mean',
    'max',
    'last',
    'class',
  ]);
}

/** Adds `--model` and the data flags of forecasters. */
function addTableInputFlags(command: Command, model = fittedModel): Command {
  return addTableFlags(addDataFlags(command.optionsGroup('Input:').option('--model <folder>', model)));
}

/** Adds `--model`, and what it may be, and the data flags of any model. */
export function addInputFlags(command: Command, model = fittedModel): Command {
  return addSeriesInputFlags(addTableInputFlags(command, model));
}

export function addPredictFlags(command: Command): Command {
  addInputFlags(command)
    .optionsGroup('Forecasters:')
    .option(...horizonFlag)
    .option(...quantilesFlag)
    .option('--future <file>', 'the rows to come of covariates, for a forecaster fitted with --covariates')
    .optionsGroup('Predictions:')
    .addOption(choice('--format <name>', 'what to write (default: csv)', ['csv', 'json']))
    .option('--output <file>', 'a new file, or - (default: standard output)');
  addMachineFlags(command);
  return command;
}

export function addEvaluateFlags(command: Command): Command {
  addInputFlags(command)
    .optionsGroup('Forecasters:')
    .addOption(choice('--split <part>', 'rows to score (default: test)', ['validation', 'test']));
  return addMachineFlags(command);
}

export function addBacktestFlags(command: Command): Command {
  addTableInputFlags(command)
    .optionsGroup('Backtest:')
    .option(
      '--horizon <points>',
      'how far to look ahead (default: the shortest it was fitted for)',
      wholeNumber(1),
    )
    .option('--stride <points>', 'rows between forecasts (default: the horizon)', wholeNumber(1))
    .option('--refit-every <forecasts>', 'fit the head again after so many forecasts', wholeNumber(1));
  return addMachineFlags(command);
}

export function addExportFlags(command: Command): Command {
  return command
    .optionsGroup('Input:')
    .option('--model <folder>', `${fittedModel}, or a pretraining run or checkpoint`)
    .addOption(
      choice(
        '--what <part>',
        'the fitted model, its encoder alone, or the training step of a run (default: the model; of a run the encoder)',
        ['model', 'encoder', 'training-step'],
      ),
    )
    .optionsGroup('Forecasters:')
    .option(...horizonFlag)
    .option(...quantilesFlag)
    .optionsGroup('Encoders:')
    .addOption(poolingFlag())
    .optionsGroup('Training steps:')
    .option('--data <file or name>', 'the data of the run (default: what it says it was trained on)')
    .option('--data-dir <folder>', 'where standard data sets lie')
    .option('--id-column <name>', 'the column that names the series, of tables with several')
    .optionsGroup('Output:')
    .option('--output <file>', 'a new file (default: the name of the folder with .onnx, here)')
    .option('--json', 'what was written as JSON, on standard output');
}

export function addInspectFlags(command: Command): Command {
  return command.option('--model <folder>', fittedModel).option('--json', 'the receipt as it stands');
}
