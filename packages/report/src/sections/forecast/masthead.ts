import type { ForecastRun } from '../../forecast-run.ts';
import { formatCount, formatDuration, formatError, formatInstant } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { factsStrip } from '../facts-strip.ts';
import { headline } from '../headline.ts';
import { averageResults } from './average-results.ts';

/** Title, the error against the best baseline, and a strip of facts. */
export function masthead(run: ForecastRun): Html {
  const { summary } = run;
  return html`<header>
<p class="kicker">PatchBERT forecasting · ${formatInstant(run.created)}</p>
<h1>${run.title}</h1>
${errorHeadline(run)}
${factsStrip([
  ['Data set', run.data.name],
  [summary.horizons.length === 1 ? 'Horizon' : 'Horizons', rowsText(summary.horizons)],
  ['Context', rowsText([summary.contextLength])],
  ['Strategy', summary.strategy],
  ['Test windows', formatCount(summary.windows)],
  ['Run time', formatDuration(summary.seconds)],
])}
</header>`;
}

function errorHeadline({ results }: ForecastRun): Html {
  const rows = results.length === 1 ? results[0]!.rows : averageResults(results);
  const ours = rows.find((row) => row.kind === 'ours');
  if (ours === undefined) return html`<div class="headline"><p>This run holds no test errors.</p></div>`;
  const baselines = rows
    .filter((row) => row.kind === 'baseline' && Number.isFinite(row.mse))
    .sort((a, b) => a.mse! - b.mse!);
  const best = baselines[0];
  const error = ours.mse ?? Number.NaN;
  const where =
    results.length === 1
      ? `at horizon ${formatCount(results[0]!.horizon)}`
      : `averaged over ${formatCount(results.length)} horizons`;
  return headline({
    change: error / (best?.mse ?? Number.NaN) - 1,
    against: `squared error than ${
      baselines.length > 1 ? `the best of ${formatCount(baselines.length)} baselines` : 'the baseline'
    }: ${best?.method ?? ''}.`,
    detail: `Mean squared error ${formatError(error)} against ${formatError(best?.mse)} on the test rows,
${where}, in scaled units: of each channel’s standard deviation over the training rows.`,
    alone: [formatError(error), `Mean squared error on the test rows, ${where}, in scaled units.`],
  });
}

function rowsText(lengths: readonly number[]): string {
  const shown = lengths.slice(0, 6).map(formatCount).join(', ');
  return `${shown}${lengths.length > 6 ? ' …' : ''} ${lengths.length === 1 && lengths[0] === 1 ? 'row' : 'rows'}`;
}
