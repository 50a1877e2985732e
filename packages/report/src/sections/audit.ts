import { formatCount } from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';
import type { AuditCheck } from '../run-parts.ts';

/** The checks that no result depends on what it may not see; `changed` names that. */
export function audit(checks: readonly AuditCheck[] | undefined, changed: string): Html {
  if (checks === undefined || checks.length === 0) return html``;
  const failed = checks.filter((check) => !check.passed).length;
  return html`<section>
<h2>Leak audit</h2>
<p>${changed} changed and everything was computed again: what a check names has to stay as it was.
${failed === 0 ? `All ${formatCount(checks.length)} checks passed.` : html`<b>${formatCount(failed)} of ${formatCount(checks.length)} checks failed.</b>`}</p>
<table><thead><tr><th>Result</th><th>Check</th><th>Detail</th></tr></thead><tbody>${checks.map(
    ({ check, passed, detail }) =>
      html`<tr><td class="${passed ? 'passed' : 'failed'}">${passed ? '✓ passed' : '✗ failed'}</td>
<th scope="row">${check}</th><td>${detail}</td></tr>`,
  )}</tbody></table>
</section>`;
}
