import { agreementChart } from '../../charts/agreement-chart.ts';
import type { ClassificationRun } from '../../classification-run.ts';
import { formatCount } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key } from '../key.ts';

const shown = 2000;

/** Predicted against true values of a regression. */
export function predictions({ scatter = [] }: ClassificationRun): Html {
  const known = scatter.filter(({ truth, predicted }) => Number.isFinite(truth + predicted));
  if (known.length === 0) return html``;
  const stride = Math.max(1, known.length / shown);
  const drawn = Array.from(
    { length: Math.min(shown, known.length) },
    (_, index) => known[Math.floor(index * stride)]!,
  );
  const left =
    drawn.length < known.length
      ? ` ${formatCount(drawn.length)} of ${formatCount(known.length)} series are drawn.`
      : '';
  return html`<section>
<h2>Predictions against the truth</h2>
<p>One dot per test series, in the target’s units: the closer to the line, the better.</p>
<figure class="square">${agreementChart(drawn, {
    id: 'agreement',
    width: 640,
    height: 520,
    label: 'Predicted against true value of each test series',
  })}
<figcaption>${key('model', 'test series', 'dot full')} · ${key('muted', 'a perfect prediction', 'dashed')}.${left}</figcaption></figure>
</section>`;
}
