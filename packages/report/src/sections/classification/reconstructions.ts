import { windowChart } from '../../charts/window-chart.ts';
import type { ClassificationRun } from '../../classification-run.ts';
import { type Html, html } from '../../html/html.ts';
import { key } from '../key.ts';

/** Hidden parts of series as the pretrained encoder drew them. */
export function reconstructions({ reconstructions: all = [] }: ClassificationRun): Html {
  if (all.length === 0) return html``;
  const figures = all.map(
    ({ title, channel, values, reconstruction, hidden }, index) =>
      html`<figure><h3>${title}${channel === '' ? '' : ` · ${channel}`}</h3>${windowChart(
        { title, patchLength: 0, truth: values, masked: hidden, reconstruction },
        `reconstruction-${index}`,
      )}</figure>`,
  );
  return html`<section>
<h2>What pretraining draws where it cannot see</h2>
<p>Parts of a series are hidden from the encoder, which was trained to draw them without ever seeing a label.</p>
<div class="gallery">${figures}</div>
<figcaption>${key('truth', 'truth')} (faint where hidden) · ${key('model', 'reconstruction')} ·
${key('ruler', 'linear interpolation', 'dashed')} · ${key('hidden', 'hidden from the encoder', 'area')}</figcaption>
</section>`;
}
