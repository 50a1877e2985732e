import { confusionChart } from '../../charts/confusion-chart.ts';
import type { ClassificationRun, ClassScore, Confusion } from '../../classification-run.ts';
import { formatCount, formatError, formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key } from '../key.ts';

const shownClasses = 20;
const shownConfusions = 6;

/** The confusion matrix beside the scores of each class and the most frequent confusions. */
export function classes({ confusion, perClass = [] }: ClassificationRun): Html {
  const matrix = confusion !== undefined && confusion.classes.length > 0 ? confusion : undefined;
  if (matrix === undefined && perClass.length === 0) return html``;
  const confused = matrix === undefined ? [] : confusionsOf(matrix);
  return html`<section>
<h2>Class by class</h2>
<p>Counts of test series. Precision: how many of those put in the class belong there. Recall: how many of the class were found.</p>
<div class="halves">${
    matrix === undefined
      ? undefined
      : html`<figure>${confusionChart(matrix)}
<figcaption>${key('model', 'right', 'area')} · ${key('check', 'wrong', 'area')}, the stronger the larger its share of the row, which is one true class.</figcaption></figure>`
  }<div>${perClass.length > 0 ? scoreTable(perClass) : undefined}${confused.length > 0 ? confusionTable(confused) : undefined}</div></div>
</section>`;
}

function scoreTable(scores: readonly ClassScore[]): Html {
  const withAuroc = scores.some((score) => typeof score.auroc === 'number');
  const many = scores.length > shownClasses;
  const rank = ({ f1 }: ClassScore) => (Number.isFinite(f1) ? f1! : 2);
  const rows = many ? [...scores].sort((a, b) => rank(a) - rank(b)).slice(0, shownClasses) : scores;
  return html`<table class="results"><thead><tr><th>Class</th><th class="n">Series</th><th class="n">Precision</th>
<th class="n">Recall</th><th class="n">F1</th>${withAuroc ? html`<th class="n">AUROC</th>` : undefined}</tr></thead><tbody>${rows.map(
    (score) => html`<tr><th scope="row">${score.label}</th><td class="n">${formatCount(score.support)}</td>
<td class="n">${formatError(score.precision)}</td><td class="n">${formatError(score.recall)}</td>
<td class="n">${formatError(score.f1)}</td>${withAuroc ? html`<td class="n">${formatError(score.auroc)}</td>` : undefined}</tr>`,
  )}</tbody></table>${
    many
      ? html`<p class="note">The ${formatCount(rows.length)} of ${formatCount(scores.length)} classes with the lowest F1.</p>`
      : undefined
  }`;
}

interface Confused {
  readonly truth: string;
  readonly predicted: string;
  readonly count: number;
  readonly share: number;
}

/** The cells beside the diagonal, the largest first. */
function confusionsOf({ classes: labels, counts }: Confusion): Confused[] {
  const all = labels.flatMap((truth, row) => {
    const total = (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
    return labels.flatMap((predicted, column) => {
      const count = counts[row]?.[column] ?? 0;
      return row === column || !(count > 0) || !Number.isFinite(total)
        ? []
        : [{ truth, predicted, count, share: count / total }];
    });
  });
  return all.sort((a, b) => b.count - a.count || b.share - a.share);
}

function confusionTable(confused: readonly Confused[]): Html {
  const rows = confused.slice(0, shownConfusions);
  const rest = confused.length - rows.length;
  return html`<table class="results after"><thead><tr><th>Most frequent confusions</th><th class="n">Series</th>
<th class="n">Of the class</th></tr></thead><tbody>${rows.map(
    ({ truth, predicted, count, share }) =>
      html`<tr><th scope="row">${truth} taken for ${predicted}</th><td class="n">${formatCount(count)}</td>
<td class="n">${formatPercent(share)}</td></tr>`,
  )}</tbody></table>${rest > 0 ? html`<p class="note">and ${formatCount(rest)} other ${rest === 1 ? 'pair' : 'pairs'} of classes.</p>` : undefined}`;
}
