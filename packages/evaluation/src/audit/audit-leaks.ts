import { PatchBertError } from '@patchbert/errors';
import { type AuditFinding, expectMoved, expectUnmoved } from './audit-finding.ts';
import { type Comparison, compareRuns, type RunResults } from './compare-runs.ts';
import { cellsOfRows, farOffset, perturbCells, type RowRange } from './perturb-rows.ts';

/**
 * What is audited: everything that is computed from the data, by name, such as what an encoder is given, statistics, losses,
 * scores and predictions.
 *
 * @param columns one array per channel; a copy of its own for each call.
 * @param observed per column and row 1 = measured, 0 = missing; only when the audit was given it.
 */
export type AuditedRun = (
  columns: readonly Float32Array[],
  observed?: readonly Uint8Array[],
) => RunResults | Promise<RunResults>;

/** Values that are changed, and what may follow from that. */
export interface LeakTrial {
  /** Which values, in words: `hidden patches`, `test rows`. */
  readonly what: string;
  /** Rows of every column, or per column and row 1 = changed. */
  readonly cells: RowRange | readonly Uint8Array[];
  /** Results that may not move, by name. Default: every result, or none where `moved` is given. */
  readonly unmoved?: readonly string[];
  /** Results that must move: the control. */
  readonly moved?: readonly string[];
}

export interface LeakAudit {
  readonly run: AuditedRun;
  /** One array per channel, NaN = missing. */
  readonly columns: readonly Float32Array[];
  /** For runs that take a mask: what stands at a missing value must then move nothing. */
  readonly observed?: readonly Uint8Array[] | undefined;
  /** At least one of them with `moved`: an audit that sees nothing must not say that it saw nothing. */
  readonly trials: readonly LeakTrial[];
  /** How far a result may move, as a share of its largest number; default 0: not by one bit. */
  readonly tolerance?: number;
}

/**
 * Proves by trial what depends on which values. Those of each trial are moved by 1e6 and made missing, and the results that it
 * names may not move by one bit; as a control, others must. Fillers of missing values may move nothing, the same run twice gives the
 * same results, and the data are left as they were.
 *
 * @returns one finding per check; a leak is a finding with `passed: false`, never an exception.
 * @throws PatchBertError `evaluation/bad-audit` when shapes differ, when a trial or the mask marks no value, when nothing is a
 * control, or when a trial names a result that the run does not give.
 * @example
 * // A scaler is fitted on rows 0 to 69; the test rows are those from 80 on.
 * const findings = await auditLeaks({
 *   columns,
 *   run: (columns) => ({ mean: columns.map((column) => meanOf(column.subarray(0, 70))) }),
 *   trials: [
 *     { what: 'test rows', cells: { start: 80 } },
 *     { what: 'training rows', cells: { start: 0, end: 70 }, moved: ['mean'] },
 *   ],
 * });
 */
export async function auditLeaks(audit: LeakAudit): Promise<readonly AuditFinding[]> {
  const { columns, observed, tolerance = 0 } = audit;
  const trials = checkedTrials(audit);
  const watched = watchedRun(audit);
  const before = await watched.run(columns, observed);
  const against = async (...changed: Parameters<typeof watched.run>) =>
    compareRuns(before, await watched.run(...changed), { tolerance });

  const findings = [expectUnmoved('the same results twice', await against(columns, observed))];
  for (const { what, cells, unmoved, moved } of trials) {
    const far = await against(perturbCells(columns, cells, 'offset-1e6'), observed);
    if (unmoved === undefined || unmoved.length > 0) {
      const missing = observed?.map((mask, c) => mask.map((seen, row) => (cells[c]![row] ? 0 : seen)));
      findings.push(
        expectUnmoved(`${what} + 1e6`, named(what, far, unmoved)),
        expectUnmoved(
          `${what} missing`,
          named(what, await against(perturbCells(columns, cells, 'nan'), missing), unmoved),
        ),
      );
    }
    if (moved) findings.push(expectMoved(`control: ${what} + 1e6 do move it`, named(what, far, moved)));
  }
  if (observed !== undefined) {
    const refilled = (filler: (column: Float32Array) => number) =>
      against(refill(columns, observed, filler), observed);
    findings.push(
      expectUnmoved('fillers of missing values + 1e6', await refilled(farOffset)),
      expectUnmoved('fillers of missing values NaN', await refilled(() => Number.NaN)),
    );
  }
  const untouched = watched.untouched();
  findings.push({
    check: 'the data are left as they were',
    passed: untouched,
    detail: untouched ? 'no value was changed' : 'the run writes into the arrays it is given',
  });
  return findings;
}

/** The run on copies, and whether it left them alone. */
function watchedRun({ run }: LeakAudit) {
  let untouched = true;
  const same = (a: ArrayLike<number>, b: ArrayLike<number>) => !compareRuns({ a }, { a: b })[0]!.moved;
  return {
    untouched: () => untouched,
    run: async (columns: readonly Float32Array[], observed?: readonly Uint8Array[]): Promise<RunResults> => {
      const copies = columns.map((column) => column.slice());
      const masks = observed?.map((mask) => mask.slice());
      const results = await (masks ? run(copies, masks) : run(copies));
      // Results may be views of the copies, which the next run would not share.
      const kept = Object.entries(results).map(([name, values]) => [name, Array.from(values)] as const);
      untouched &&= copies.every((copy, i) => same(columns[i]!, copy));
      untouched &&= (masks ?? []).every((mask, i) => same(observed![i]!, mask));
      return Object.fromEntries(kept);
    },
  };
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

function named(
  what: string,
  comparisons: readonly Comparison[],
  names: readonly string[] | undefined,
): readonly Comparison[] {
  return (
    names?.map((name) => {
      const found = comparisons.find((comparison) => comparison.what === name);
      if (found) return found;
      const given = comparisons.map((comparison) => comparison.what).join(', ');
      throw badAudit(`the trial of ${what} names the result ${JSON.stringify(name)}; the run gives ${given}`);
    }) ?? comparisons
  );
}

interface CheckedTrial extends LeakTrial {
  readonly cells: readonly Uint8Array[];
}

function checkedTrials({ columns, observed, trials }: LeakAudit): readonly CheckedTrial[] {
  if (observed) {
    requireMarks('the mask', observed, columns);
    if (!observed.some((mask) => mask.includes(0))) {
      throw badAudit('the mask says that every value was measured, so no filler can be tried; leave it out');
    }
  }
  if (!trials.some(({ moved }) => moved !== undefined && moved.length > 0)) {
    throw badAudit('no trial says what must move; name a result in `moved` of one of them, as a control');
  }
  return trials.map(({ what, cells, unmoved, moved }) => {
    const marks = 'start' in cells ? cellsOfRows(columns, cells) : cells;
    requireMarks(what, marks, columns);
    if (!marks.some((mark) => mark.includes(1))) throw badAudit(`${what}: no value is marked`);
    const unmovedNames = unmoved ?? (moved ? [] : undefined);
    return { what, cells: marks, ...(unmovedNames && { unmoved: unmovedNames }), ...(moved && { moved }) };
  });
}

function requireMarks(what: string, marks: readonly Uint8Array[], columns: readonly Float32Array[]): void {
  if (marks.length === columns.length && columns.every(({ length }, c) => marks[c]!.length === length))
    return;
  throw badAudit(`${what}: marks and columns differ in number or length; expected one mark for each value`);
}

function badAudit(what: string): PatchBertError {
  return new PatchBertError('evaluation/bad-audit', `auditLeaks: ${what}.`);
}
