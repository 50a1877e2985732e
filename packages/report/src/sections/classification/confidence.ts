import { reliabilityChart } from '../../charts/reliability-chart.ts';
import type { ClassificationRun } from '../../classification-run.ts';
import { formatCount, formatError, formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key } from '../key.ts';

/** Whether a probability of 80 % is right 8 times out of 10. */
export function confidence({ reliability = [], results }: ClassificationRun): Html {
  const bins = reliability.filter((bin) => bin.count > 0 && Number.isFinite(bin.confidence));
  if (bins.length === 0) return html``;
  const total = bins.reduce((sum, bin) => sum + bin.count, 0);
  const mean = (pick: (bin: (typeof bins)[number]) => number | null) =>
    bins.reduce((sum, bin) => sum + bin.count * (pick(bin) ?? Number.NaN), 0) / total;
  const [confident, right] = [mean((bin) => bin.confidence), mean((bin) => bin.accuracy)];
  const error = results.find((row) => row.kind === 'ours')?.calibrationError;
  const gap = confident - right;
  const leaning =
    Math.abs(gap) < 0.01
      ? 'neither over- nor under-confident'
      : gap > 0
        ? 'over-confident'
        : 'under-confident';
  return html`<section>
<h2>Can its probabilities be believed?</h2>
<div class="halves"><figure>${reliabilityChart(bins, {
    id: 'reliability',
    width: 500,
    height: 330,
    label:
      'Share of right answers against the probability of the predicted class, over the number of test series',
  })}
<figcaption>${key('model', 'right answers', 'dot full')} among test series of that confidence, larger for more series ·
${key('muted', 'what it should be', 'dashed')} · ${key('rule', 'number of series', 'area')}</figcaption></figure>
<div><p>The ${formatCount(total)} test series, by the probability that their predicted class was given. Above the dashed line the model is
right more often than it says, below it less often.</p>
<table class="results"><tbody>
<tr><th scope="row">Mean probability of the predicted class</th><td class="n">${formatPercent(confident, 1)}</td></tr>
<tr><th scope="row">Share of right answers</th><td class="n">${formatPercent(right, 1)}</td></tr>
${
  typeof error === 'number'
    ? html`<tr><th scope="row">Calibration error</th><td class="n">${formatError(error)}</td></tr>`
    : undefined
}</tbody></table>
${Number.isFinite(gap) ? html`<p class="note">On the whole ${leaning}.</p>` : undefined}</div></div>
</section>`;
}
