import { seriesChart, shownChannels } from '../../charts/series-chart.ts';
import type { ClassificationRun, Mistake } from '../../classification-run.ts';
import { formatCount, formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key } from '../key.ts';

/** The series the model was most sure about and wrong, beside right ones of the same class. */
export function mistakes({ task, mistakes: all = [] }: ClassificationRun): Html {
  if (all.length === 0) return html``;
  const classification = task === 'classification';
  const compared = all.some((mistake) => mistake.nearest !== undefined);
  const cut = all.some((mistake) => mistake.channels.length > shownChannels);
  return html`<section>
<h2>${classification ? 'The most confident mistakes' : 'The largest errors'}</h2>
<p>${
    classification
      ? 'Test series put in a wrong class with the highest probability.'
      : 'Test series whose predicted value is farthest from the truth.'
  }${cut ? ` The first ${formatCount(shownChannels)} channels of each are drawn.` : ''}</p>
<div class="gallery">${all.map((mistake, index) => figure(mistake, index, classification))}</div>
<figcaption>${key('check', classification ? 'mistaken series' : 'series with a large error')}${
    compared
      ? html` · ${key('model', classification ? 'the series nearest to it that is of its true class and was put there' : 'a near series that was predicted well', 'dashed')}`
      : undefined
  }</figcaption>
</section>`;
}

function figure(mistake: Mistake, index: number, classification: boolean): Html {
  const { title, truth, predicted, probability, nearest } = mistake;
  const sure = Number.isFinite(probability) ? ` with ${formatPercent(probability, 0)}` : '';
  const noun = classification ? 'class ' : 'true value ';
  const verb = classification ? 'taken for ' : 'predicted ';
  return html`<figure><h3>${title}</h3><p class="note">${noun}<b>${truth}</b>, ${verb}<b class="wrong">${predicted}</b>${sure}${
    nearest === undefined ? '' : `; beside it ${nearest.title}`
  }</p>${seriesChart(mistake, `mistake-${index}`)}</figure>`;
}
