import { lossChart } from '../charts/loss-chart.ts';
import { formatCount, formatError } from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';
import type { TrainingCurve } from '../run-parts.ts';
import { key } from './key.ts';

/** Learning curves with validation, one figure per training run. */
export function training(runs: readonly TrainingCurve[]): Html {
  const drawable = runs.filter((run) => run.points.length > 0);
  if (drawable.length === 0) return html``;
  const alone = drawable.length === 1;
  const figures = drawable.map((run, index) => curve(run, index, alone));
  const checked = drawable.some((run) => checksOf(run).length > 0);
  return html`<section>
<h2>Training</h2>
${alone ? figures : html`<div class="gallery">${figures}</div>`}
<figcaption>${key('model', 'training loss')}, single steps faint and their moving average bold${
    checked ? html` · ${key('check', 'validation error', 'dot')}` : undefined
  }. Lower is better.</figcaption>
</section>`;
}

function curve(run: TrainingCurve, index: number, alone: boolean): Html {
  const checks = checksOf(run);
  const best = checks
    .filter(([, value]) => Number.isFinite(value))
    .reduce<readonly [number, number] | undefined>(
      (low, check) => (low && low[1] <= check[1] ? low : check),
      undefined,
    );
  const steps = `${formatCount(run.points.at(-1)!.step)} steps`;
  const chart = lossChart({
    id: `loss-${index}`,
    width: alone ? 1000 : 500,
    height: alone ? 340 : 260,
    label: `${run.name}: training loss and validation error over training steps, on a logarithmic scale`,
    axisName: 'loss, log scale',
    losses: run.points.map((point) => [point.step, point.loss ?? Number.NaN]),
    checks,
  });
  return html`<figure${alone ? html` class="wide"` : undefined}><h3>${run.name}</h3>${chart}
<figcaption>${steps}${
    best === undefined
      ? '.'
      : `; lowest validation error ${formatError(best[1])} at step ${formatCount(best[0])}.`
  }</figcaption></figure>`;
}

function checksOf(run: TrainingCurve): (readonly [number, number])[] {
  return run.points.flatMap(({ step, validation }) =>
    typeof validation === 'number' ? [[step, validation] as const] : [],
  );
}
