import { stepCoverageChart } from '../../charts/step-coverage-chart.ts';
import { stepErrorChart } from '../../charts/step-error-chart.ts';
import type { ForecastRun, HorizonStepErrors } from '../../forecast-run.ts';
import { formatCount } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key, keys } from '../key.ts';
import { lineStyleOf, type MethodStyle, methodStyles } from './method-styles.ts';

type Styles = ReadonlyMap<string, MethodStyle>;

/** How the error grows with the distance from the last known row, and whether the intervals hold as far ahead. */
export function stepErrors(run: ForecastRun): Html {
  const drawable = run.perStep.filter(({ curves }) => curves.some((curve) => curve.mse.length > 1));
  if (drawable.length === 0) return html``;
  const styles = methodStyles(run);
  const alone = drawable.length === 1;
  const covered = drawable.some(hasCoverage);
  return html`<section>
<h2>Error by distance ahead</h2>
<p>Step 1 is the first row after the context. Mean squared error in scaled units over all test windows and channels; lower
is better.${covered ? coverageNote(run) : ''}</p>
${covered ? withCoverage(run, drawable, styles) : errorsOnly(drawable, styles, alone)}
<figcaption>${keys([...styles].map(([method, { color, shape }]) => key(color, method, shape)))}</figcaption>
</section>`;
}

function coverageNote({ results }: ForecastRun): string {
  const aim = results.some(({ level }) => level !== undefined) ? 'the dashed line' : 'its level';
  return ` The smaller charts show what share of the truth lay inside the forecaster’s interval; the closer to ${aim}, the better.`;
}

function errorsOnly(horizons: readonly HorizonStepErrors[], styles: Styles, alone: boolean): Html {
  const figures = horizons.map((one, index) => {
    const chart = errorChart(one, index, styles, alone ? [1000, 340] : [500, 260]);
    const heading = alone ? undefined : html`<h3>Horizon ${formatCount(one.horizon)}</h3>`;
    return html`<figure${alone ? html` class="wide"` : undefined}>${heading}${chart}</figure>`;
  });
  return html`${alone ? figures : html`<div class="gallery">${figures}</div>`}`;
}

/** One row per horizon: its errors, and beside them its coverage. */
function withCoverage(
  { results }: ForecastRun,
  horizons: readonly HorizonStepErrors[],
  styles: Styles,
): Html {
  const alone = horizons.length === 1;
  const height = alone ? 320 : 240;
  const rows = horizons.map((one, index) => {
    const heading = (text: string) => (alone ? undefined : html`<h3>${text}</h3>`);
    const name = `Horizon ${formatCount(one.horizon)}`;
    const errors = html`<figure>${heading(name)}${errorChart(one, index, styles, [640, height])}</figure>`;
    if (!hasCoverage(one)) return html`<div class="curves">${errors}</div>`;
    const level = results.find(({ horizon }) => horizon === one.horizon)?.level;
    const coverage = stepCoverageChart(coverageCurves(one, styles), level, {
      id: `coverage-${index}`,
      width: 340,
      height,
      label: `Share of the truth inside the interval at each step of horizon ${formatCount(one.horizon)}`,
    });
    return html`<div class="curves">${errors}<figure>${heading(`${name}, coverage`)}${coverage}</figure></div>`;
  });
  return html`${rows}`;
}

function errorChart(
  { horizon, curves }: HorizonStepErrors,
  index: number,
  styles: Styles,
  [width, height]: readonly [number, number],
): Html {
  return stepErrorChart(
    curves.map(({ method, mse }) => ({ mse, lineStyle: lineStyleOf(styles.get(method)!) })),
    {
      id: `steps-${index}`,
      width,
      height,
      label: `Mean squared error at each step of horizon ${formatCount(horizon)}, by method`,
    },
  );
}

function coverageCurves({ curves }: HorizonStepErrors, styles: Styles) {
  return curves.flatMap(({ method, coverage }) =>
    coverage === undefined ? [] : [{ coverage, lineStyle: lineStyleOf(styles.get(method)!) }],
  );
}

function hasCoverage({ curves }: HorizonStepErrors): boolean {
  return curves.some(({ coverage }) => coverage?.some(Number.isFinite) === true);
}
