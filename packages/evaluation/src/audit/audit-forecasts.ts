import { PatchBertError } from '@patchbert/errors';
import { type AuditFinding, expectMoved, expectUnmoved } from './audit-finding.ts';
import { compareRuns } from './compare-runs.ts';
import { farOffset, perturbRows } from './perturb-rows.ts';

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

/**
 * Proves by trial that a forecast does not see what it must not: rows from the origin on, moved by 1e6 or made missing,
 * and fillers of missing values. Two controls keep the audit honest: the same call twice gives the same forecast, and
 * a change of the context does move it.
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
  let untouched = true;
  const run = async (given: readonly Float32Array[]) => {
    const copies = given.map((column) => column.slice());
    const masks = observed?.map((mask) => mask.slice());
    const forecast = Array.from(await (masks ? predict(copies, masks) : predict(copies)));
    const unmoved = (a: ArrayLike<number>, b: ArrayLike<number>) => !compareRuns({ a }, { a: b })[0]!.moved;
    untouched &&= copies.every((copy, i) => unmoved(given[i]!, copy));
    untouched &&= (masks ?? []).every((mask, i) => unmoved(observed![i]!, mask));
    return { forecast };
  };

  const before = await run(columns);
  const against = async (given: readonly Float32Array[]) =>
    compareRuns(before, await run(given), { tolerance });
  const future = { start: origin };
  const findings = [
    expectUnmoved('the same forecast twice', await against(columns)),
    expectUnmoved('rows to come + 1e6', await against(perturbRows(columns, future, 'offset-1e6'))),
    expectUnmoved('rows to come missing', await against(perturbRows(columns, future, 'nan'))),
  ];
  if (observed !== undefined) {
    const fill = (filler: (column: Float32Array) => number) => refill(columns, observed, filler);
    findings.push(
      expectUnmoved('fillers of missing values + 1e6', await against(fill(farOffset))),
      expectUnmoved('fillers of missing values NaN', await against(fill(() => Number.NaN))),
    );
  }
  const context = perturbRows(columns, { start: 0, end: origin }, 'offset-1e6');
  findings.push(expectMoved('control: the context + 1e6 does move the forecast', await against(context)), {
    check: 'the data are left as they were',
    passed: untouched,
    detail: untouched ? 'no value was changed' : 'the forecast writes into the arrays it is given',
  });
  return findings;
}

/** Copies of the columns in which every value that was not measured is replaced. */
function refill(
  columns: readonly Float32Array[],
  observed: readonly Uint8Array[],
  filler: (column: Float32Array) => number,
): Float32Array[] {
  return columns.map((column, i) => {
    const filled = filler(column);
    return column.map((value, row) => (observed[i]![row] ? value : filled));
  });
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
