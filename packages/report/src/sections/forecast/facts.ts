import type { ForecastRun } from '../../forecast-run.ts';
import { type Html, html } from '../../html/html.ts';

/** What a reader needs to repeat the numbers. */
export function facts({ facts: entries }: ForecastRun): Html {
  if (entries.length === 0) return html``;
  return html`<section>
<h2>How it was measured</h2>
<table class="named"><tbody>${entries.map(
    ({ label, value }) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`,
  )}</tbody></table>
</section>`;
}
