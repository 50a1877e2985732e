import { mapChart, mapGlyph, mapStyles } from '../../charts/map-chart.ts';
import type { ClassificationRun, EmbeddingMap, MapPoint } from '../../classification-run.ts';
import { formatCount, formatNumber, formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { key, keys } from '../key.ts';

const shown = 1500;
const keyed = 40;

/** The series' embeddings in a plane, coloured by class or by target. */
export function embeddingMap({ task, map }: ClassificationRun): Html {
  const known = map?.points.filter((point) => Number.isFinite(point.x + point.y)) ?? [];
  if (map === undefined || known.length === 0) return html``;
  const points = thinned(known);
  const styles = mapStyles(known, task);
  const names = styles.ramp === undefined ? [...styles.byLabel.keys()] : [];
  const legend = [
    ...names
      .slice(0, keyed)
      .map((label) => html`<span class="glyph">${mapGlyph(styles.byLabel.get(label)!)}${label}</span>`),
    ...(names.length > keyed
      ? [html`<span>and ${formatCount(names.length - keyed)} more classes</span>`]
      : []),
    ...(styles.ramp === undefined
      ? []
      : [
          html`<span class="ramp">${formatNumber(styles.ramp.low)}<i></i>${formatNumber(styles.ramp.high)}</span>`,
        ]),
    ...(points.some((point) => point.correct === false) ? [key('ink', 'predicted wrong', 'ring')] : []),
  ];
  const left =
    points.length < known.length
      ? ` ${formatCount(points.length)} of ${formatCount(known.length)} series are drawn.`
      : '';
  const both = new Set(points.map((point) => point.part)).size === 2;
  return html`<section>
<h2>Map of the embeddings</h2>
<p>${introduction(map, task)}${both ? ' Test series are drawn full, training series faint.' : ''}${left}</p>
<figure>${mapChart(points, styles)}
<figcaption>${keys(legend)}</figcaption></figure>
</section>`;
}

function introduction({ method, explained = [] }: EmbeddingMap, task: ClassificationRun['task']): string {
  const coloured = task === 'classification' ? 'true class' : 'target';
  const start = `What the encoder makes of each series, coloured by ${coloured} and`;
  if (method === 'UMAP') {
    return `${start} laid out by UMAP: neighbours stay neighbours; distances between groups mean little.`;
  }
  const share = explained.reduce<number>((sum, value) => sum + (value ?? Number.NaN), 0);
  const held =
    explained.length > 0 && Number.isFinite(share)
      ? `, which hold ${formatPercent(share)} of the variance`
      : '';
  return `${start} drawn along its two principal components${held}.`;
}

/** Every mistake, and as many of the others as there is room for, evenly spread. */
function thinned(points: readonly MapPoint[]): readonly MapPoint[] {
  if (points.length <= shown) return points;
  const wrong = points.filter((point) => point.correct === false).length;
  const room = Math.max(shown - wrong, shown / 2);
  const others = points.length - wrong;
  let seen = 0;
  return points.filter((point) => {
    if (point.correct === false) return true;
    seen++;
    return Math.floor((seen * room) / others) > Math.floor(((seen - 1) * room) / others);
  });
}
