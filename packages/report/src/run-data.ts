/** The data set of a run. */
export interface RunData {
  readonly name: string;
  readonly rows: number;
  readonly channels: readonly ChannelFacts[];
  /** Recordings stacked in these rows, when there are several; each is split on its own. */
  readonly series?: number;
  /** ISO 8601. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  readonly trainRows: number;
  readonly validationRows: number;
  readonly testRows?: number;
  /** For a run on whole series, whose `rows` are points of all series together. */
  readonly wholeSeries?: WholeSeries;
  readonly licence?: string;
  readonly citation?: string;
  readonly sha256?: string;
}

/** Series that a run learned from and was judged by as wholes. */
export interface WholeSeries {
  readonly count: number;
  /** Points of the shortest and of the longest. */
  readonly shortest: number;
  readonly longest: number;
  /** Never trained on; 0 when the training series themselves are scored. */
  readonly heldOut: number;
}

/** One channel of the data, in the user's units; `missing` counts rows. */
export interface ChannelFacts {
  readonly name: string;
  readonly missing: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
}
