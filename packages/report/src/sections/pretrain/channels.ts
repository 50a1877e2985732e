import { type Html, html } from '../../html/html.ts';
import type { PretrainRun } from '../../pretrain-run.ts';
import { channelGains } from '../channel-gains.ts';

/** Errors of every channel, the largest gain over linear interpolation first. */
export function channels({ errorsByChannel = [] }: PretrainRun): Html {
  const figure = channelGains(
    errorsByChannel.map(({ channel, model, linearInterpolation }) => ({
      channel,
      model,
      reference: linearInterpolation,
    })),
    {
      id: 'channels',
      width: 1000,
      label: 'Masked-patch error of the model and of linear interpolation for each channel',
      axisName: 'mean squared error on hidden points, log scale',
      reference: 'linear interpolation',
    },
  );
  if (figure.markup === '') return figure;
  return html`<section>
<h2>Channel by channel</h2>
${figure}
</section>`;
}
