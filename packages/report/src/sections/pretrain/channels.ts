import { channelChart } from '../../charts/channel-chart.ts';
import { type Html, html } from '../../html/html.ts';
import type { ChannelError, PretrainRun } from '../../pretrain-run.ts';
import { key } from '../key.ts';

const shown = 24;

/** Errors of every channel, the largest gain over linear interpolation first. */
export function channels({ errorsByChannel = [] }: PretrainRun): Html {
  const drawable = errorsByChannel.filter((error) =>
    Number.isFinite(error.model + error.linearInterpolation),
  );
  if (drawable.length < 2) return html``;
  const ratio = (error: ChannelError) => error.model / error.linearInterpolation;
  const ordered = [...drawable].sort((a, b) => ratio(a) - ratio(b)).slice(0, shown);
  const rest = drawable.length - ordered.length;
  return html`<section>
<h2>Channel by channel</h2>
<figure>${channelChart(ordered)}
<figcaption>${key('model', 'model', 'dot full')} · ${key('ruler', 'linear interpolation', 'dot')}. Left of
the open dot the bar is a gain; channels in order of it.${rest > 0 ? ` ${rest} more channels gain less and are left out.` : ''}</figcaption></figure>
</section>`;
}
