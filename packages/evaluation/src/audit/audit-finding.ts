import type { Comparison } from './compare-runs.ts';

/** One line of a leak audit. */
export interface AuditFinding {
  /** What was tried, in words. */
  readonly check: string;
  readonly passed: boolean;
  /** What was seen. */
  readonly detail: string;
}

/**
 * The finding of a check in which nothing may move.
 *
 * @example
 * expectUnmoved('test rows + 1e6', compareRuns(before, after)); // { check, passed: true, detail: 'nothing moved (3 results)' }
 */
export function expectUnmoved(check: string, comparisons: readonly Comparison[]): AuditFinding {
  const moved = comparisons.filter((comparison) => comparison.moved);
  if (moved.length > 0) return { check, passed: false, detail: moved.map(describe).join(', ') };
  const results = `${comparisons.length} ${comparisons.length === 1 ? 'result' : 'results'}`;
  return { check, passed: comparisons.length > 0, detail: `nothing moved (${results})` };
}

/**
 * The finding of a control: every result must move, or the audit sees nothing.
 *
 * @example
 * expectMoved('context + 1e6', compareRuns(before, after));
 */
export function expectMoved(check: string, comparisons: readonly Comparison[]): AuditFinding {
  const unmoved = comparisons.filter(({ moved }) => !moved).map(({ what }) => what);
  if (unmoved.length > 0) return { check, passed: false, detail: `${unmoved.join(', ')} did not move` };
  return {
    check,
    passed: comparisons.length > 0,
    detail: comparisons.map(describe).join(', ') || 'no results',
  };
}

function describe({ what, moved, largest }: Comparison): string {
  if (!moved) return `${what} did not move`;
  return Number.isFinite(largest)
    ? `${what} moved by up to ${largest.toPrecision(3)}`
    : `${what} is no longer the same number or length`;
}
