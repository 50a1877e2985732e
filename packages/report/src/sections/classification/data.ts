import type { ClassificationPart, ClassificationRun } from '../../classification-run.ts';
import { formatCount, formatNumber } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { source } from '../source.ts';
import { lengthText } from './length-text.ts';

const shownClasses = 40;
const shownChannels = 24;

/** Where the series come from, what each part holds, and how the classes are spread. */
export function data({ data: { name, channels, parts, ...origin } }: ClassificationRun): Html {
  const shown = channels.slice(0, shownChannels);
  const rest = channels.length - shown.length;
  const withTargets = parts.some((part) => part.targetRange !== undefined);
  const named =
    channels.length < 2
      ? '1 channel.'
      : `${formatCount(channels.length)} channels: ${shown.join(', ')}${rest > 0 ? ` and ${formatCount(rest)} more` : ''}.`;
  return html`<section>
<h2>Data</h2>
<p>${name}: ${named}</p>
<table class="results"><thead><tr><th>Part</th><th class="n">Series</th><th class="n">Points each</th>
<th class="n">Missing points</th>${withTargets ? html`<th class="n">Lowest target</th><th class="n">Highest target</th>` : undefined}</tr></thead><tbody>${parts.map(
    (part) => html`<tr><th scope="row">${part.part}</th><td class="n">${formatCount(part.series)}</td>
<td class="n">${lengthText(part)}</td><td class="n">${part.missing === 0 ? 'none' : formatCount(part.missing)}</td>${
      withTargets
        ? html`<td class="n">${formatNumber(part.targetRange?.minimum)}</td><td class="n">${formatNumber(part.targetRange?.maximum)}</td>`
        : undefined
    }</tr>`,
  )}</tbody></table>
${classTable(parts)}
${source(origin)}
</section>`;
}

/** Series per class and part. */
function classTable(parts: readonly ClassificationPart[]): Html {
  const counted = parts.filter((part) => part.classes !== undefined && part.classes.length > 0);
  const labels = [...new Set(counted.flatMap((part) => part.classes!.map(({ label }) => label)))];
  if (labels.length === 0) return html``;
  const rows = labels.slice(0, shownClasses);
  const rest = labels.length - rows.length;
  const counts = counted.map((part) => new Map(part.classes!.map(({ label, count }) => [label, count])));
  return html`<div class="columns"><table class="results after"><thead><tr><th>Class</th>${counted.map(
    (part) => html`<th class="n">${part.part}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (label) =>
      html`<tr><th scope="row">${label}</th>${counts.map((one) => html`<td class="n">${formatCount(one.get(label) ?? 0)}</td>`)}</tr>`,
  )}</tbody></table></div>${rest > 0 ? html`<p class="note">and ${formatCount(rest)} more classes.</p>` : undefined}`;
}
