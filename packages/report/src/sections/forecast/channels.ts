import type { ForecastChannelError, ForecastRun, HorizonChannelErrors } from '../../forecast-run.ts';
import { formatCount, formatError, formatNumber, formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import { channelGains } from '../channel-gains.ts';

/** Rows of the table, over all horizons together. */
const shown = 96;

/** Every channel against a baseline: gains as a chart, exact numbers as a table. */
export function channels({ perChannel }: ForecastRun): Html {
  const horizons = perChannel.filter((one) => one.channels.length > 0);
  if (horizons.length === 0) return html``;
  const alone = horizons.length === 1;
  const figures = horizons.map((one, index) => gains(one, index, alone));
  const rowsEach = Math.max(4, Math.floor(shown / horizons.length));
  return html`<section>
<h2>Channel by channel</h2>
<p>The forecaster’s test errors. MSE and MAE are in scaled units; the last column is the mean absolute error in the channel’s own unit. Lower is better.</p>
${alone ? figures : html`<div class="gallery">${figures}</div>`}
<table class="results"><thead><tr><th>Channel</th><th class="n">MSE</th><th class="n">MSE, baseline</th>
<th class="n">Of baseline</th><th class="n">MAE</th><th class="n">MAE in own unit</th></tr></thead>
${horizons.map((one) => rows(one, alone, rowsEach))}</table>
</section>`;
}

function gains({ horizon, baseline, channels: errors }: HorizonChannelErrors, index: number, alone: boolean) {
  return channelGains(
    errors.map(({ channel, mse, baselineMse }) => ({
      channel,
      model: mse ?? Number.NaN,
      reference: baselineMse ?? Number.NaN,
    })),
    {
      heading: alone ? undefined : `Horizon ${formatCount(horizon)}`,
      reference: baseline ?? 'best baseline',
      id: `channels-${index}`,
      width: alone ? 1000 : 500,
      label: `Mean squared error at horizon ${formatCount(horizon)} of the forecaster and a baseline for each channel`,
      axisName: 'mean squared error, log scale',
    },
  );
}

function rows({ horizon, baseline, channels: errors }: HorizonChannelErrors, alone: boolean, limit: number) {
  const rest = errors.length - limit;
  const against = `against ${baseline ?? 'the best baseline'}`;
  return html`<tbody>${
    alone && baseline === undefined
      ? undefined
      : html`<tr class="group"><th colspan="6" scope="rowgroup"><b>Horizon ${formatCount(horizon)}</b>
<span>${against}</span></th></tr>`
  }${errors.slice(0, limit).map(row)}${
    rest > 0
      ? html`<tr><td colspan="6" class="note">and ${formatCount(rest)} more channels.</td></tr>`
      : undefined
  }</tbody>`;
}

function row({ channel, unit, mse, mae, originalMae, baselineMse }: ForecastChannelError): Html {
  const relative = (mse ?? Number.NaN) / (baselineMse ?? Number.NaN);
  return html`<tr><th scope="row">${channel}</th><td class="n">${formatError(mse)}</td>
<td class="n">${formatError(baselineMse)}</td><td class="n">${formatPercent(relative)}</td>
<td class="n">${formatError(mae)}</td><td class="n">${formatNumber(originalMae)}${
    unit === undefined ? '' : ` ${unit}`
  }</td></tr>`;
}
