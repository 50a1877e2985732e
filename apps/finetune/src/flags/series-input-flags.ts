import { choice, commaSeparated } from '@patchbert/command-line';
import type { Command } from 'commander';

/** Flags that say how to read whole series, beside the data flags that forecasters share; absent flags are undefined. */
export interface SeriesInputFlags {
  readonly seriesFormat?: 'ucr' | 'ucr-unlabelled' | 'ts' | 'arff' | 'csv';
  readonly labelColumn?: string;
  readonly targetColumn?: string;
  readonly valueColumns?: readonly string[];
}

/** Adds the flags of `SeriesInputFlags`. */
export function addSeriesInputFlags(command: Command): Command {
  return command
    .optionsGroup('Input of classifiers and regressors:')
    .addOption(
      choice(
        '--series-format <format>',
        'how the file is read (default: as that of the fit, or by its name)',
        ['ucr', 'ucr-unlabelled', 'ts', 'arff', 'csv'],
      ),
    )
    .option('--label-column <name>', 'CSV: the column of the class of a series')
    .option('--target-column <name>', 'CSV: the column of the number to predict of a series')
    .option('--value-columns <names>', 'CSV: columns that are channels', commaSeparated);
}
