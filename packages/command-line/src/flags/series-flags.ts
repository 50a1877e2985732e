import { type Command, Option } from 'commander';
import { commaSeparated } from './list-flags.ts';
import { choice, oneCharacter } from './text-flags.ts';

/** Values of the flags that say which series to read; absent flags are undefined. */
export interface SeriesFlags {
  readonly data?: string;
  readonly train?: string;
  readonly test?: string;
  readonly dataDir?: string;
  readonly format?: 'ucr' | 'ucr-unlabelled' | 'ts' | 'arff' | 'csv';
  readonly idColumn?: string;
  readonly labelColumn?: string;
  readonly targetColumn?: string;
  /** `false` for `--no-time-column`. */
  readonly timeColumn?: string | false;
  readonly valueColumns?: readonly string[];
  readonly delimiter?: string;
}

export interface SeriesFlagChoices {
  /** What is read without any of the flags. */
  readonly standard?: string;
  /** Whether there are `--train` and `--test`. */
  readonly pair?: boolean;
  /** The answer that `--label-column` or `--target-column` names. Default: the label. */
  readonly answer?: 'label' | 'target';
}

/** Adds the flags of `SeriesFlags` to a command. */
export function addSeriesFlags(
  command: Command,
  { standard, pair = false, answer = 'label' }: SeriesFlagChoices = {},
): Command {
  const fallback = standard === undefined ? '' : ` (default: ${standard})`;
  command
    .option(
      '--data <path or name>',
      `a .ts, .arff, .tsv, .txt or .csv file of series, or a data set by name${fallback}`,
    )
    .addOption(
      new Option('--data-dir <folder>', 'folder with data sets known by name').env('PATCHBERT_DATA_DIR'),
    );
  if (pair) {
    command
      .option('--train <file>', 'file of training series')
      .option('--test <file>', 'file of test series');
  }
  return command
    .addOption(
      choice('--format <format>', 'how files are read (default: by the end of their names)', [
        'ucr',
        'ucr-unlabelled',
        'ts',
        'arff',
        'csv',
      ]),
    )
    .option('--id-column <name>', 'CSV with a row per series and time: the column that names the series')
    .option(`--${answer}-column <name>`, `CSV: the column of the ${answerText[answer]}`)
    .option('--time-column <name>', 'CSV: column of time stamps (default: found by its content)')
    .option('--no-time-column', 'CSV: there are no time stamps')
    .option('--value-columns <names>', 'CSV: columns that are channels (default: all others)', commaSeparated)
    .option('--delimiter <character>', 'CSV separator, or "tab" (default: ,)', oneCharacter);
}

const answerText = { label: 'class of a series', target: 'number to predict of a series' } as const;
