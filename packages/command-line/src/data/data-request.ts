/** What to open and how to read it: the flags of `DataFlags`, or the same keys of a configuration file. */
export interface DataRequest {
  /** The path of a file, or the name of a data set. */
  readonly source: string;
  /** Channels to keep, in this order. Default: all. */
  readonly channels?: readonly string[] | undefined;
  /** CSV: name of the time column; `false` when there is none. Default: found by its content. */
  readonly timeColumn?: string | false | undefined;
  /** CSV: column separator. Default `,`. */
  readonly delimiter?: string | undefined;
  /** CSV: whether the first line names the columns. Default `true`. */
  readonly header?: boolean | undefined;
  /** CSV: `any` takes rows as they stand where time stamps repeat or go back. Default `ascending`. */
  readonly timeOrder?: 'ascending' | 'any' | undefined;
  /** CSV: texts that mean "missing". Default: the empty text and the usual ones. */
  readonly missing?: readonly string[] | undefined;
  /** Tables with a row per series and time: the column that names the series. Default: every row is of one series. */
  readonly idColumn?: string | undefined;
  /** Files: whether gaps in time become rows of missing values. Default `false`. */
  readonly regularTimes?: boolean | undefined;
}

/** Where data sets known by name are. */
export interface DataPlaces {
  /** Folder with data sets known by name. */
  readonly dataDirectory?: string | undefined;
  /** Where fetched data sets are kept. */
  readonly cacheDirectory: string;
  /** Fetches what is in neither folder. Default: nothing is fetched. */
  readonly download?: typeof fetch | undefined;
}
