/** What a forecast may know besides its context: the calendar, and covariates whose future is known. */
export interface Exogenous {
  /** Calendar columns, as long as the frame; read at the origin, the first row to be predicted. */
  readonly calendar: readonly { readonly name: string; readonly values: Float32Array }[];
  /** Covariate columns, scaled, missing values 0, as long as the frame; read over the whole horizon. */
  readonly covariates: readonly { readonly name: string; readonly values: Float32Array }[];
}

export const noExogenous: Exogenous = { calendar: [], covariates: [] };

/** Numbers per window: one per calendar column, `horizon` per covariate. */
export function exogenousWidth({ calendar, covariates }: Exogenous, horizon: number): number {
  return calendar.length + covariates.length * horizon;
}

/** Writes what is known at `origin` about the next `horizon` rows to `into` at `offset`. */
export function writeExogenous(
  { calendar, covariates }: Exogenous,
  origin: number,
  horizon: number,
  into: Float32Array,
  offset: number,
): void {
  let place = offset;
  for (const { values } of calendar) into[place++] = values[origin]!;
  for (const { values } of covariates) {
    into.set(values.subarray(origin, origin + horizon), place);
    place += horizon;
  }
}
