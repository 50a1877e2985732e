import { formatCount, formatError } from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';
import type { Measure } from '../run-parts.ts';

const shown = 12;

/** One choice, its candidates in the order in which they were tried. */
export interface Choice {
  readonly what: string;
  /** What the numbers are, when choices differ in it. */
  readonly measure?: string;
  readonly better: 'higher' | 'lower';
  readonly candidates: readonly Candidate[];
}

interface Candidate {
  readonly label: string;
  readonly value: Measure;
  readonly chosen: boolean;
}

/** What was chosen, and from what; nothing when nothing was. */
export function choices(all: readonly Choice[], introduction: string): Html {
  const made = all.filter((choice) => choice.candidates.length > 0);
  if (made.length === 0) return html``;
  return html`<section>
<h2>What was chosen, and from what</h2>
<p>${introduction} The one taken is <b class="best">marked</b>.</p>
<div class="choices">${made.map(table)}</div>
</section>`;
}

function table({ what, measure, better, candidates }: Choice): Html {
  const rows = nearest(candidates, better);
  const rest = candidates.length - rows.length;
  const worse = better === 'lower' ? 'higher error' : 'lower score';
  return html`<div><h3>${what}</h3>${measure === undefined ? undefined : html`<p class="note">${measure}</p>`}<table><tbody>${rows.map(
    ({ label, value, chosen }) =>
      html`<tr${chosen ? html` class="ours"` : undefined}><th scope="row">${label}</th>
<td class="n">${chosen ? html`<b class="best">${formatError(value)}</b>` : formatError(value)}</td></tr>`,
  )}</tbody></table>${rest > 0 ? html`<p class="note">and ${formatCount(rest)} with a ${worse}.</p>` : undefined}</div>`;
}

/** All candidates in their own order, or of many the chosen one and the best. */
function nearest(candidates: readonly Candidate[], better: Choice['better']): readonly Candidate[] {
  if (candidates.length <= shown) return candidates;
  const sign = better === 'lower' ? 1 : -1;
  const rank = ({ chosen, value }: Candidate) =>
    chosen ? Number.NEGATIVE_INFINITY : value === null ? Number.POSITIVE_INFINITY : sign * value;
  const kept = new Set([...candidates].sort((a, b) => compare(rank(a), rank(b))).slice(0, shown));
  return candidates.filter((candidate) => kept.has(candidate));
}

/** Ascending; what is no number comes last. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
