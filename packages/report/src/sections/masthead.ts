import {
  formatCount,
  formatDuration,
  formatError,
  formatInstant,
  formatMetric,
  formatNumber,
  formatPercent,
} from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';
import type { MethodError, PretrainRun } from '../pretrain-run.ts';

/** Title, the one number that matters, and a strip of facts. */
export function masthead(run: PretrainRun): Html {
  return html`<header>
<p class="kicker">PatchBERT pretraining · ${formatInstant(run.created)}</p>
<h1>${run.title}</h1>
${headline(run.errors)}
${facts([
  ['Data set', run.data.name],
  [
    'Model',
    `${run.model.preset === undefined ? '' : `${run.model.preset}, `}${formatMetric(run.model.parameters)} parameters`,
  ],
  ['Work per step', `${formatMetric(run.model.flopsPerStep)}FLOP`],
  ['Steps', formatCount(run.training.at(-1)?.step ?? 0)],
  ['Training time', formatDuration(run.seconds)],
  ['Throughput', `${formatCount(run.seriesPerSecond)} series/s`],
])}
</header>`;
}

/** The baseline every number is read against. */
export function linearInterpolationOf(errors: readonly MethodError[]): MethodError | undefined {
  return errors.slice(1).find((error) => /linear/i.test(error.method));
}

function headline(errors: readonly MethodError[]): Html {
  const model = errors[0];
  const linear = linearInterpolationOf(errors);
  if (model === undefined)
    return html`<div class="headline"><p>This run holds no validation errors.</p></div>`;
  const change = linear === undefined ? Number.NaN : model.maskedError / linear.maskedError - 1;
  if (linear === undefined || !Number.isFinite(change)) {
    return html`<div class="headline"><div class="number">${formatError(model.maskedError)}</div>
<p>Mean squared error on hidden patches of the validation windows.</p></div>`;
  }
  const [number, unit] = [formatPercent(Math.abs(change)).replace(/ %$/, ''), '%'];
  const word = change <= 0 ? 'less' : 'more';
  return html`<div class="headline">
<div class="number">${number}<small> ${unit}</small></div>
<p>${word} error on hidden patches than linear interpolation between the visible ones.</p>
<p>Mean squared error ${formatError(model.maskedError)} against ${formatError(linear.maskedError)}, on validation
rows never trained on, in units of each window’s own visible spread${ratioNote(linear.maskedError / model.maskedError)}.</p>
</div>`;
}

function ratioNote(ratio: number): string {
  return ratio >= 1.5 ? `: ${formatNumber(ratio, 2)} times smaller` : '';
}

function facts(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
