import { type ChannelPair, channelChart } from '../charts/channel-chart.ts';
import { formatCount } from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';
import { key } from './key.ts';

const shown = 24;

/** A figure of every channel's gain over a reference, the largest first; nothing when fewer than two can be drawn. */
export function channelGains(
  pairs: readonly ChannelPair[],
  { reference, heading, ...chart }: ChannelGainsOptions,
): Html {
  const drawable = pairs.filter((pair) => Number.isFinite(pair.model + pair.reference));
  if (drawable.length < 2) return html``;
  const ratio = (pair: ChannelPair) => pair.model / pair.reference;
  const ordered = [...drawable].sort((a, b) => ratio(a) - ratio(b)).slice(0, shown);
  const rest = drawable.length - ordered.length;
  const left = rest > 0 ? ` ${formatCount(rest)} more channels gain less and are left out.` : '';
  return html`<figure>${heading === undefined ? undefined : html`<h3>${heading}</h3>`}${channelChart(ordered, chart)}
<figcaption>${key('model', 'model', 'dot full')} · ${key('ruler', reference, 'dot')}. Left of
the open dot the bar is a gain; channels in order of it.${left}</figcaption></figure>`;
}

export interface ChannelGainsOptions {
  /** What the open dots are. */
  readonly reference: string;
  readonly heading?: string | undefined;
  readonly id: string;
  readonly width: number;
  readonly label: string;
  readonly axisName: string;
}
