import { type Command, Option } from 'commander';
import { commaSeparated } from './list-flags.ts';
import { choice, oneCharacter } from './text-flags.ts';

/** Values of the flags that say what to read; absent flags are undefined. */
export interface DataFlags {
  readonly data?: string;
  readonly dataDir?: string;
  readonly channels?: readonly string[];
  /** `false` for `--no-time-column`. */
  readonly timeColumn?: string | false;
  readonly delimiter?: string;
  readonly timeOrder?: 'ascending' | 'any';
  /** `false` for `--no-header`. */
  readonly header?: boolean;
}

/** Adds the flags of `DataFlags` to a command; `standard` is what is read without `--data`, if anything. */
export function addDataFlags(command: Command, standard?: string): Command {
  const fallback = standard === undefined ? '' : ` (default: ${standard})`;
  return (
    command
      .option('--data <path or name>', `a CSV, Parquet or .tsf file, or a data set by name${fallback}`)
      .addOption(
        new Option('--data-dir <folder>', 'folder with data sets known by name').env('PATCHBERT_DATA_DIR'),
      )
      .option('--channels <names>', 'columns to use, separated by commas (default: all)', commaSeparated)
      .option('--time-column <name>', 'column of time stamps (default: found by its content)')
      .option('--no-time-column', 'there are no time stamps')
      .option('--delimiter <character>', 'CSV separator, or "tab" (default: ,)', oneCharacter)
      // Without its positive twin a negated flag would count as given in every run.
      .addOption(new Option('--header').hideHelp())
      .option('--no-header', 'the CSV has no line of column names; they become column1, column2, ...')
      .addOption(
        choice('--time-order <order>', 'what time stamps must be (default: ascending)', ['ascending', 'any']),
      )
  );
}

/** Values of the flags for tables that pretraining's command line does not take. */
export interface TableFlags {
  readonly idColumn?: string;
  readonly regularTimes?: boolean;
}

/** Adds the flags of `TableFlags`. */
export function addTableFlags(command: Command): Command {
  return (
    command
      .option('--id-column <name>', 'a row per series and time: the column that names the series')
      // Without its positive twin a negated flag would count as given in every run.
      .addOption(new Option('--regular-times').hideHelp())
      .option(
        '--no-regular-times',
        'take rows as they stand: by default gaps in time become rows of missing values, and stamps off their grid are an error',
      )
  );
}
