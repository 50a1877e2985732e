import { formatPercent } from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';

/**
 * The one number that matters in large type: by how much an error differs from a reference, else `alone`.
 *
 * @param change NaN when there is nothing to compare with: relative to the reference, so −0.2 is 20 % less.
 */
export function headline({ change, against, detail, alone }: HeadlineParts): Html {
  if (!Number.isFinite(change)) {
    const [number, text] = alone;
    return html`<div class="headline"><div class="number">${number}</div>
<p>${text}</p></div>`;
  }
  return html`<div class="headline">
<div class="number">${formatPercent(Math.abs(change)).replace(/ %$/, '')}<small> %</small></div>
<p>${change <= 0 ? 'less' : 'more'} ${against}</p>
<p>${detail}</p>
</div>`;
}

export interface HeadlineParts {
  readonly change: number;
  /** What follows "less" or "more". */
  readonly against: string;
  readonly detail: string;
  /** The number and what it is, for a run without a reference. */
  readonly alone: readonly [number: string, text: string];
}
