import type { ClassificationRun, MethodScore } from '../../classification-run.ts';
import {
  formatCount,
  formatDuration,
  formatError,
  formatInstant,
  formatNumber,
  formatPercent,
} from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { factsStrip } from '../facts-strip.ts';
import { headline } from '../headline.ts';
import { lengthText } from './length-text.ts';
import { levelText } from './level-text.ts';

/** Title, how many test series are right (or how large the error is) beside the best baseline, and a strip of facts. */
export function masthead(run: ClassificationRun): Html {
  const { summary } = run;
  const classification = run.task === 'classification';
  const members = summary.members > 1 ? `${formatCount(summary.members)} × ` : '';
  return html`<header>
<p class="kicker">PatchBERT ${run.task} · ${formatInstant(run.created)}</p>
<h1>${run.title}</h1>
${classification ? accuracyHeadline(run) : errorHeadline(run)}
${factsStrip([
  ['Series', `${formatCount(summary.trainSeries)} train, ${formatCount(summary.testSeries)} test`],
  [
    'Points',
    `${lengthText(summary)}${summary.channels === 1 ? '' : `, ${formatCount(summary.channels)} channels`}`,
  ],
  ...(classification ? [['Classes', formatCount(summary.classes)] as const] : []),
  ['Strategy', `${members}${summary.strategy}`],
  ['Run time', formatDuration(summary.seconds)],
])}
</header>`;
}

function accuracyHeadline({ results, summary, level }: ClassificationRun): Html {
  const ours = results.find((row) => row.kind === 'ours');
  if (ours === undefined) return html`<div class="headline"><p>This run holds no test results.</p></div>`;
  const accuracy = ours.accuracy ?? Number.NaN;
  const baselines = scored(results, (row) => row.accuracy).sort((a, b) => b[1] - a[1]);
  const [name, best] = baselines[0] ?? ['', Number.NaN];
  const against = Number.isFinite(accuracy - best)
    ? `, ${accuracy > best ? 'more than' : accuracy < best ? 'fewer than' : 'as many as'} the
${formatPercent(best, 1)} of ${amongBaselines(baselines.length)}: ${name}.`
    : '.';
  const [number, unit] = formatPercent(accuracy, accuracy === 1 ? 0 : 1).split(' ');
  return html`<div class="headline">
<div class="number">${number}${unit === undefined ? undefined : html`<small> ${unit}</small>`}</div>
<p>of ${formatCount(summary.testSeries)} test series are put in the right class${against}</p>
<p>${intervalText(ours, level, (value) => formatPercent(value, 1))}Balanced accuracy ${formatPercent(ours.balancedAccuracy, 1)},
macro F1 ${formatError(ours.macroF1)}. The test series were scored once, after every choice was made.</p>
</div>`;
}

function errorHeadline({ results, level }: ClassificationRun): Html {
  const ours = results.find((row) => row.kind === 'ours');
  if (ours === undefined) return html`<div class="headline"><p>This run holds no test results.</p></div>`;
  const error = ours.rmse ?? Number.NaN;
  const baselines = scored(results, (row) => row.rmse).sort((a, b) => a[1] - b[1]);
  const [name, best] = baselines[0] ?? ['', Number.NaN];
  const interval = intervalText(ours, level, formatNumber);
  return headline({
    change: error / best - 1,
    against: `error than ${amongBaselines(baselines.length)}: ${name}.`,
    detail: `Root mean squared error ${formatNumber(error)} against ${formatNumber(best)} on the test series, in the target’s
units. ${interval}R² ${formatError(ours.r2)}. The test series were scored once, after every choice was made.`,
    alone: [formatNumber(error), 'Root mean squared error on the test series, in the target’s units.'],
  });
}

function scored(
  results: readonly MethodScore[],
  pick: (row: MethodScore) => number | null | undefined,
): (readonly [string, number])[] {
  return results.flatMap((row) => {
    const value = pick(row) ?? Number.NaN;
    return row.kind === 'baseline' && Number.isFinite(value) ? [[row.method, value] as const] : [];
  });
}

function amongBaselines(count: number): string {
  return count > 1 ? `the best of ${formatCount(count)} baselines` : 'the baseline';
}

function intervalText(
  { interval }: MethodScore,
  level: number | undefined,
  format: (value: number) => string,
): string {
  const [low, high] = interval ?? [];
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '';
  const text = `${levelText(level)} ${format(low!)} to ${format(high!)}. `;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
