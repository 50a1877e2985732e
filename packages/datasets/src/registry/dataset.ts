/** One file of a data set. */
export interface DatasetFile {
  readonly name: string;
  readonly role: 'series' | 'train' | 'test';
  /** Where the file can be fetched; a file with an address has a known hash. */
  readonly url?: string;
  /** SHA-256 of the known copies (some differ in line ends only); empty when none is known. */
  readonly sha256: readonly string[];
}

/** Which rows are for training, choosing and reporting. */
export type SplitProtocol =
  /** 12, 4 and 4 months of 30 days. */
  | { readonly kind: 'ett'; readonly rowsPerHour: 1 | 4 }
  | { readonly kind: 'ratio'; readonly train: number; readonly validation: number }
  | {
      readonly kind: 'borders';
      readonly trainEnd: number;
      readonly validationEnd: number;
      readonly testEnd: number;
    };

interface DatasetFacts {
  /** What the data set is asked for by. */
  readonly name: string;
  readonly title: string;
  /** `unknown` where no statement of the source is known. */
  readonly licence: string;
  readonly citation: string;
  readonly homepage: string;
  readonly files: readonly DatasetFile[];
  /** Folders below a data directory in which the files are looked for; the first is the recommended one. */
  readonly folders: readonly string[];
  /** What a reader of results should know. */
  readonly notes?: string;
}

/** One long multivariate series. */
export interface ForecastingDataset extends DatasetFacts {
  readonly task: 'forecasting';
  readonly rows: number;
  readonly channels: number;
  /** Time between rows, such as `1 hour`. */
  readonly interval: string;
  readonly protocol: SplitProtocol;
  /** The horizons that papers report. */
  readonly horizons: readonly number[];
  /** Units per channel, where known. */
  readonly units?: Readonly<Record<string, string>>;
  /** Comes with this package. */
  readonly bundled?: true;
}

/** Labelled series with the train and test files of its archive. */
export interface ClassificationDataset extends DatasetFacts {
  readonly task: 'classification';
  readonly archive: 'UCR' | 'UEA';
  /** The same data in another format: taken when the files are not there. */
  readonly alternativeFiles: readonly (readonly DatasetFile[])[];
  /** Comes with this package: the same series, packed. */
  readonly bundledFiles?: readonly DatasetFile[];
}

export type StandardDataset = ForecastingDataset | ClassificationDataset;
