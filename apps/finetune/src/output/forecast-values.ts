/** The forecast of one recording, in the units of the data. */
export interface ForecastValues {
  readonly id: string;
  readonly channels: readonly string[];
  /** Milliseconds since 1970-01-01 UTC, one per step. */
  readonly times?: ArrayLike<number> | undefined;
  /** One per channel, one value per step. */
  readonly mean: readonly ArrayLike<number>[];
  readonly quantiles?:
    | readonly { readonly level: number; readonly columns: readonly ArrayLike<number>[] }[]
    | undefined;
}
