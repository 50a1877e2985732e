import { windowChart } from '../../charts/window-chart.ts';
import { type Html, html } from '../../html/html.ts';
import type { PretrainRun } from '../../pretrain-run.ts';
import type { RunData } from '../../run-data.ts';
import { key } from '../key.ts';

/** Validation windows as small multiples under one caption. */
export function gallery({ gallery: windows, data }: PretrainRun): Html {
  if (windows.length === 0) return html``;
  const figures = windows.map(
    (window, index) =>
      html`<figure><h3>${window.title}</h3>${windowChart(window, `window-${index}`)}</figure>`,
  );
  const patchLengths = [...new Set(windows.map((window) => window.patchLength))];
  return html`<section>
<h2>What the model draws where it cannot see</h2>
<p>${drawn(data)}, with hidden patches of ${patchLengths.join(' and ')} points, in the data’s own units.</p>
<div class="gallery">${figures}</div>
<figcaption>${key('truth', 'truth')} (faint where hidden) · ${key('model', 'reconstruction')} ·
${key('ruler', 'linear interpolation', 'dashed')} · ${key('hidden', 'hidden from the model', 'area')}</figcaption>
</section>`;
}

function drawn({ wholeSeries }: RunData): string {
  if (wholeSeries === undefined) return 'Windows that reach into the validation rows';
  return wholeSeries.heldOut > 0 ? 'Series that were held out' : 'Training series';
}
