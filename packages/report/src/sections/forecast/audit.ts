import type { ForecastRun } from '../../forecast-run.ts';
import { formatCount } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';

/** The checks that no forecast depends on rows it may not see. */
export function audit({ audit: checks = [] }: ForecastRun): Html {
  if (checks.length === 0) return html``;
  const failed = checks.filter((check) => !check.passed).length;
  return html`<section>
<h2>Leak audit</h2>
<p>Rows that a forecast may not see were changed and everything was computed again: what a check names has to stay as it was.
${failed === 0 ? `All ${formatCount(checks.length)} checks passed.` : html`<b>${formatCount(failed)} of ${formatCount(checks.length)} checks failed.</b>`}</p>
<table><thead><tr><th>Result</th><th>Check</th><th>Detail</th></tr></thead><tbody>${checks.map(
    ({ check, passed, detail }) =>
      html`<tr><td class="${passed ? 'passed' : 'failed'}">${passed ? '✓ passed' : '✗ failed'}</td>
<th scope="row">${check}</th><td>${detail}</td></tr>`,
  )}</tbody></table>
</section>`;
}
