import {
  formatCount,
  formatDuration,
  formatError,
  formatInstant,
  formatMetric,
  formatNumber,
} from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import type { MethodError, PretrainRun } from '../../pretrain-run.ts';
import type { RunData } from '../../run-data.ts';
import { factsStrip } from '../facts-strip.ts';
import { headline } from '../headline.ts';

/** Title, the one number that matters, and a strip of facts. */
export function masthead(run: PretrainRun): Html {
  return html`<header>
<p class="kicker">PatchBERT pretraining · ${formatInstant(run.created)}</p>
<h1>${run.title}</h1>
${maskedErrorHeadline(run)}
${factsStrip([
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

function maskedErrorHeadline({ errors, data }: PretrainRun): Html {
  const model = errors[0];
  const linear = linearInterpolationOf(errors);
  if (model === undefined)
    return html`<div class="headline"><p>This run holds no validation errors.</p></div>`;
  const reference = linear?.maskedError ?? Number.NaN;
  return headline({
    change: model.maskedError / reference - 1,
    against: 'error on hidden patches than linear interpolation between the visible ones.',
    detail: `Mean squared error ${formatError(model.maskedError)} against ${formatError(reference)}, on ${judgedOn(data)}${ratioNote(reference / model.maskedError)}.`,
    alone: [
      formatError(model.maskedError),
      `Mean squared error on hidden patches of the ${data.wholeSeries ? 'scored series' : 'validation windows'}.`,
    ],
  });
}

function judgedOn({ wholeSeries }: RunData): string {
  if (wholeSeries === undefined)
    return 'validation rows never trained on, in units of each window’s own visible spread';
  return wholeSeries.heldOut > 0
    ? 'series never trained on, in scaled units'
    : 'the training series themselves (too few to hold some out), in scaled units';
}

function ratioNote(ratio: number): string {
  return ratio >= 1.5 ? `: ${formatNumber(ratio, 2)} times smaller` : '';
}
