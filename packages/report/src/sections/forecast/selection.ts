import type { ForecastRun, Selection } from '../../forecast-run.ts';
import { formatCount, formatError } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';

const shown = 12;

/** What was chosen on the validation rows, and from what. */
export function selection({ selection: choices }: ForecastRun): Html {
  const made = choices.filter((choice) => choice.candidates.length > 0);
  if (made.length === 0) return html``;
  return html`<section>
<h2>What was chosen, and from what</h2>
<p>Error of every candidate on the validation rows; lower is better. The one taken is <b class="best">marked</b>.</p>
<div class="choices">${made.map(choice)}</div>
</section>`;
}

function choice({ what, candidates }: Selection): Html {
  const rows = nearest(candidates);
  const rest = candidates.length - rows.length;
  return html`<div><h3>${what}</h3><table><tbody>${rows.map(
    ({ label, validation, chosen }) =>
      html`<tr${chosen ? html` class="ours"` : undefined}><th scope="row">${label}</th>
<td class="n">${chosen ? html`<b class="best">${formatError(validation)}</b>` : formatError(validation)}</td></tr>`,
  )}</tbody></table>${rest > 0 ? html`<p class="note">and ${formatCount(rest)} with a higher error.</p>` : undefined}</div>`;
}

/** All candidates in their own order, or of many the chosen one and the best. */
function nearest(candidates: Selection['candidates']): Selection['candidates'] {
  if (candidates.length <= shown) return candidates;
  const error = ({ chosen, validation }: Selection['candidates'][number]) =>
    chosen ? Number.NEGATIVE_INFINITY : (validation ?? Number.POSITIVE_INFINITY);
  const kept = new Set([...candidates].sort((a, b) => compare(error(a), error(b))).slice(0, shown));
  return candidates.filter((candidate) => kept.has(candidate));
}

/** Ascending; what is no number comes last. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}
