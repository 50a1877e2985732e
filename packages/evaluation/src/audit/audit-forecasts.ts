import { PatchBertError } from '@patchbert/errors';
import type { AuditFinding } from './audit-finding.ts';
import { auditLeaks } from './audit-leaks.ts';

/**
 * What is audited: forecasts of the rows from the origin on, given every row of the frame, those to come included.
 *
 * @param columns one array per channel; a copy of its own for each call.
 * @param observed per column and row 1 = measured, 0 = missing; only when the audit was given it.
 */
export type AuditedForecast = (
  columns: readonly Float32Array[],
  observed?: readonly Uint8Array[],
) => ArrayLike<number> | Promise<ArrayLike<number>>;

export interface ForecastAudit {
  readonly predict: AuditedForecast;
  /** One array per channel, equally long, NaN = missing. */
  readonly columns: readonly Float32Array[];
  /** First row that is predicted: neither it nor later rows may be seen. */
  readonly origin: number;
  /** For forecasts that take a mask: what stands at a missing value must then not matter. */
  readonly observed?: readonly Uint8Array[] | undefined;
  /** How far forecasts may move, as a share of the largest; default 0: not by one bit. */
  readonly tolerance?: number;
}

/** What the checks of `auditLeaks` are called where a forecast is the only result. */
const wording: Readonly<Record<string, string>> = {
  'the same results twice': 'the same forecast twice',
  'control: the context + 1e6 do move it': 'control: the context + 1e6 does move the forecast',
};

/**
 * Proves by trial that a forecast does not see what it must not: rows from the origin on, moved by 1e6 or made missing,
 * and fillers of missing values. Two controls keep the audit honest: the same call twice gives the same forecast, and
 * a change of the context does move it. It is `auditLeaks` for a forecast.
 *
 * @returns one finding per check; a leak is a finding with `passed: false`, never an exception.
 * @throws PatchBertError `evaluation/bad-audit` when the origin leaves no row before or after it or shapes differ.
 * @example
 * const predict = ([column]: readonly Float32Array[]) => lastValue(column!.subarray(0, 90), 10);
 * const findings = await auditForecasts({ predict, columns, origin: 90 });
 */
export async function auditForecasts(audit: ForecastAudit): Promise<readonly AuditFinding[]> {
  const { predict, columns, origin, observed, tolerance = 0 } = audit;
  checkAudit(audit);
  const findings = await auditLeaks({
    columns,
    observed,
    tolerance,
    run: async (given, masks) => ({ forecast: await (masks ? predict(given, masks) : predict(given)) }),
    trials: [
      { what: 'rows to come', cells: { start: origin } },
      { what: 'the context', cells: { start: 0, end: origin }, moved: ['forecast'] },
    ],
  });
  return findings.map(({ check, ...seen }) => ({ check: wording[check] ?? check, ...seen }));
}

function checkAudit({ columns, origin, observed }: ForecastAudit): void {
  const length = columns[0]?.length ?? 0;
  const arrays = [...columns, ...(observed ?? [])];
  const problem = !(Number.isSafeInteger(origin) && origin > 0 && origin < length)
    ? `the origin is ${origin} of ${length} rows; expected at least one row before it and one from it on`
    : arrays.some((array) => array.length !== length) || (observed ?? columns).length !== columns.length
      ? 'columns and masks differ in number or length; expected one mask per column and as many rows in each'
      : undefined;
  if (problem !== undefined) {
    throw new PatchBertError('evaluation/bad-audit', `auditForecasts: ${problem}.`);
  }
}
