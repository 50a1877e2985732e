import { PatchBertError } from '@patchbert/errors';
import { checkWhole } from '../check-whole.ts';

export interface BacktestOptions {
  /** Rows to be predicted, `start` in it, `end` not: no target lies outside. */
  readonly rows: { readonly start: number; readonly end: number };
  /** Rows predicted from each origin. */
  readonly horizon: number;
  /** Rows from one origin to the next. */
  readonly stride: number;
  /** Rows that each origin must have behind it, counted from `earliest`. */
  readonly minimumContext: number;
  /** First row of the recording that contexts may use; default 0. */
  readonly earliest?: number;
  /** Fit anew at the first origin and at every so many after it, on the rows before; default never. */
  readonly refitEvery?: number | undefined;
}

/** One step of a backtest: predict rows `origin` to `origin + horizon` from the rows before `origin`. */
export interface BacktestOrigin {
  readonly origin: number;
  /** Whether to fit anew first, on rows before `origin` alone. */
  readonly refit: boolean;
}

/**
 * The origins of a rolling backtest, oldest first (Tashman, "Out-of-sample tests of forecasting accuracy", 2000).
 *
 * @throws PatchBertError `evaluation/bad-option`; `evaluation/too-few-rows` when no origin fits.
 * @example
 * backtestOrigins({ rows: { start: 100, end: 148 }, horizon: 24, stride: 12, minimumContext: 96, refitEvery: 2 });
 * // origins 100 (refit), 112, 124 (refit)
 */
export function backtestOrigins(options: BacktestOptions): readonly BacktestOrigin[] {
  const { rows, horizon, stride, minimumContext, earliest = 0, refitEvery } = options;
  const where = 'backtestOrigins';
  checkWhole(where, 'rows.start', rows.start, 0);
  checkWhole(where, 'rows.end', rows.end, 0);
  checkWhole(where, 'horizon', horizon);
  checkWhole(where, 'stride', stride);
  checkWhole(where, 'minimumContext', minimumContext, 0);
  checkWhole(where, 'earliest', earliest, 0);
  if (refitEvery !== undefined) checkWhole(where, 'refitEvery', refitEvery);
  const first = Math.max(rows.start, earliest + minimumContext);
  const origins: BacktestOrigin[] = [];
  for (let origin = first; origin + horizon <= rows.end; origin += stride) {
    origins.push({ origin, refit: refitEvery !== undefined && origins.length % refitEvery === 0 });
  }
  if (origins.length === 0) {
    throw new PatchBertError(
      'evaluation/too-few-rows',
      `${where}: rows ${rows.start} to ${rows.end} have no origin with ${minimumContext} rows behind it and ${horizon} ahead; use more rows, a shorter horizon or a shorter context.`,
    );
  }
  return origins;
}
