import { type Html, html } from '../html/html.ts';
import type { Fact } from '../run-parts.ts';

/** What a reader needs to repeat the numbers. */
export function facts(entries: readonly Fact[]): Html {
  if (entries.length === 0) return html``;
  return html`<section>
<h2>How it was measured</h2>
<table class="named"><tbody>${entries.map(
    ({ label, value }) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`,
  )}</tbody></table>
</section>`;
}
