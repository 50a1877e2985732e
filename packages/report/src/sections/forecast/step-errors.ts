import { stepErrorChart } from '../../charts/step-error-chart.ts';
import type { ForecastRun } from '../../forecast-run.ts';
import { formatCount } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key, keys } from '../key.ts';
import { lineStyleOf, methodStyles } from './method-styles.ts';

/** How the error grows with the distance from the last known row. */
export function stepErrors(run: ForecastRun): Html {
  const drawable = run.perStep.filter(({ curves }) => curves.some((curve) => curve.mse.length > 1));
  if (drawable.length === 0) return html``;
  const styles = methodStyles(run);
  const alone = drawable.length === 1;
  const figures = drawable.map(({ horizon, curves }, index) => {
    const heading = alone ? undefined : html`<h3>Horizon ${formatCount(horizon)}</h3>`;
    const chart = stepErrorChart(
      curves.map(({ method, mse }) => ({ mse, lineStyle: lineStyleOf(styles.get(method)!) })),
      {
        id: `steps-${index}`,
        width: alone ? 1000 : 500,
        height: alone ? 340 : 260,
        label: `Mean squared error at each step of horizon ${formatCount(horizon)}, by method`,
      },
    );
    return html`<figure${alone ? html` class="wide"` : undefined}>${heading}${chart}</figure>`;
  });
  return html`<section>
<h2>Error by distance ahead</h2>
<p>Step 1 is the first row after the context. Mean squared error in scaled units over all test windows and channels; lower
is better.</p>
${alone ? figures : html`<div class="gallery">${figures}</div>`}
<figcaption>${keys([...styles].map(([method, { color, shape }]) => key(color, method, shape)))}</figcaption>
</section>`;
}
