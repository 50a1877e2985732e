import { forecastChart, shownContext } from '../../charts/forecast-chart.ts';
import type { ForecastRun, ForecastWindow } from '../../forecast-run.ts';
import { formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key, keys } from '../key.ts';

/** Forecasts of test windows against the truth, as small multiples under one caption. */
export function gallery({ gallery: windows }: ForecastRun): Html {
  if (windows.length === 0) return html``;
  const figures = windows.map(
    (window, index) =>
      html`<figure><h3>${window.title}</h3>${forecastChart(window, `window-${index}`)}</figure>`,
  );
  const drawn = [
    key('truth', 'truth'),
    key('model', 'forecast'),
    ...(windows.some(hasInterval) ? [key('model-soft', intervalName(windows), 'area')] : []),
    ...(windows.some((window) => window.linear !== undefined)
      ? [key('ruler', 'linear member alone', 'dashed')]
      : []),
  ];
  const cut = windows.some((window) => shownContext(window) < window.context.length);
  return html`<section>
<h2>Forecasts against the truth</h2>
<p>Windows of the test rows in the data’s own units. The forecaster sees what is left of the vertical line and nothing right
of it.${cut ? ' Long contexts are drawn from their last part only.' : ''}</p>
<div class="gallery">${figures}</div>
<figcaption>${keys(drawn)}</figcaption>
</section>`;
}

function hasInterval(window: ForecastWindow): boolean {
  return window.lower !== undefined && window.upper !== undefined;
}

function intervalName(windows: readonly ForecastWindow[]): string {
  const levels = new Set(windows.filter(hasInterval).map((window) => window.level));
  const [level] = levels;
  return levels.size === 1 && level !== undefined
    ? `${formatPercent(level)} interval`
    : 'interval of the forecast';
}
