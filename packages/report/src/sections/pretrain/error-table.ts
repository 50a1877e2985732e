import { formatError, formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import type { PretrainRun } from '../../pretrain-run.ts';
import type { RunData } from '../../run-data.ts';
import { linearInterpolationOf } from './masthead.ts';

/** The model beside the baselines: squared and absolute error, relative to linear interpolation, and a bar. */
export function errorTable({ errors, data }: PretrainRun): Html {
  if (errors.length === 0) return html``;
  const linear = linearInterpolationOf(errors)?.maskedError;
  const largest = Math.max(0, ...errors.map((error) => error.maskedError).filter(Number.isFinite));
  const scaled = errors.some((error) => error.scaledError !== undefined);
  const rows = errors.map((error, index) => {
    const share = largest > 0 && Number.isFinite(error.maskedError) ? error.maskedError / largest : 0;
    return html`<tr${index === 0 ? html` class="model"` : undefined}><th scope="row">${error.method}</th>
<td class="n">${formatError(error.maskedError)}</td><td class="n">${formatError(error.meanAbsoluteError)}</td>
${scaled ? html`<td class="n">${formatError(error.scaledError ?? Number.NaN)}</td>` : undefined}
<td class="n">${linear === undefined ? '–' : formatPercent(error.maskedError / linear)}</td>
<td class="bar"><i style="width: ${(share * 100).toFixed(1)}%"></i></td></tr>`;
  });
  return html`<section>
<h2>Filling hidden patches</h2>
<p>Every method sees the same visible points of the same ${scoredOn(data)} and fills the same hidden patches. Only
points that were really observed count. Errors are in ${
    data.wholeSeries
      ? 'scaled units, those of the model’s inputs'
      : 'units of each window’s visible standard deviation'
  }${scaled ? `; in channel units, of the channel’s standard deviation over the training ${data.wholeSeries ? 'series' : 'rows'}` : ''}.</p>
<table class="errors"><thead><tr><th>Method</th><th class="n">Squared error</th><th class="n">Absolute error</th>
${scaled ? html`<th class="n">Squared, channel units</th>` : undefined}
<th class="n">Of linear</th><th class="bar"></th></tr></thead><tbody>${rows}</tbody></table>
</section>`;
}

function scoredOn({ wholeSeries }: RunData): string {
  if (wholeSeries === undefined) return 'validation windows';
  return wholeSeries.heldOut > 0 ? 'held-out series' : 'training series';
}
