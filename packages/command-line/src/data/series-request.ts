import type { SeriesFormat, TargetKind } from '@patchbert/data';

/** Which whole series to open and how to read them: the flags of `SeriesFlags`, or the same keys of a configuration file. */
export interface SeriesRequest {
  /** The name of a data set, the path of its folder, or of one file. Either this or `train`. */
  readonly source?: string | undefined;
  /** The file of training series, when it is not a data set by name. */
  readonly train?: string | undefined;
  /** The file of test series that belongs to `train`. */
  readonly test?: string | undefined;
  /** How files are read. Default: by the end of their names. */
  readonly format?: SeriesFormat | undefined;
  /** What is taken as the answer of a series. Default: what the files declare; `none` reads no labels. */
  readonly target?: TargetKind | undefined;
  /** CSV: the column that names the series. */
  readonly idColumn?: string | undefined;
  /** CSV: the column of classes. */
  readonly labelColumn?: string | undefined;
  /** CSV: the column of numbers to predict. */
  readonly targetColumn?: string | undefined;
  /** CSV: name of the time column; `false` when there is none. Default: found by its content. */
  readonly timeColumn?: string | false | undefined;
  /** CSV: the columns to read as channels. Default: all others. */
  readonly valueColumns?: readonly string[] | undefined;
  /** CSV: column separator. Default `,`. */
  readonly delimiter?: string | undefined;
  /** CSV: texts that mean "missing". */
  readonly missing?: readonly string[] | undefined;
}
