import { lossChart } from '../../charts/loss-chart.ts';
import { scheduleChart } from '../../charts/schedule-chart.ts';
import { formatCount, formatDuration, formatError } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import type { PretrainRun, ValidationPoint } from '../../pretrain-run.ts';
import { key } from '../key.ts';

/** Loss, learning rate and gradient norm over steps. */
export function training({ training: points, validation, seconds, data }: PretrainRun): Html {
  if (points.length === 0) return html``;
  const hasNorm = points.some((point) => point.gradientNorm !== undefined);
  return html`<section>
<h2>Training</h2>
<div class="curves">
<figure>${lossChart({
    id: 'loss',
    width: 640,
    height: 330,
    label: 'Training loss and validation error over training steps, on a logarithmic scale',
    // The loss of whole series may have other parts beside the error.
    axisName: data.wholeSeries ? 'loss and squared error, log scale' : 'mean squared error, log scale',
    losses: points.map((point) => [point.step, point.loss]),
    checks: validation.map((point) => [point.step, point.maskedError]),
  })}
<figcaption>${key('model', 'training loss')}, single steps faint and their moving average bold ·
${key('check', 'validation', 'dot')} with the same masks every time. ${summary(points.at(-1)!.step, seconds, validation)}</figcaption></figure>
<div class="small">
<figure>${scheduleChart(points, {
    id: 'learning-rate',
    name: 'learning rate',
    label: 'Learning rate over training steps',
    pick: (point) => point.learningRate,
  })}</figure>
${
  hasNorm
    ? html`<figure>${scheduleChart(points, {
        id: 'gradient-norm',
        name: 'gradient norm, before clipping',
        label: 'Gradient norm over training steps',
        pick: (point) => point.gradientNorm,
        reach: 5,
      })}</figure>`
    : undefined
}
</div></div>
</section>`;
}

function summary(steps: number, seconds: number, validation: readonly ValidationPoint[]): string {
  const best = validation
    .filter((point) => Number.isFinite(point.maskedError))
    .reduce<ValidationPoint | undefined>(
      (low, point) => (low && low.maskedError <= point.maskedError ? low : point),
      undefined,
    );
  const length = `${formatCount(steps)} steps in ${formatDuration(seconds)}`;
  return best === undefined
    ? `${length}.`
    : `${length}; best validation error ${formatError(best.maskedError)} at step ${formatCount(best.step)}.`;
}
