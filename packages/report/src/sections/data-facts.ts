import { formatCount, formatInstant, formatNumber, formatPercent } from '../format/numbers.ts';
import { type Html, html } from '../html/html.ts';
import type { RunData } from '../run-data.ts';
import { source } from './source.ts';

const shown = 60;

/** Where the data comes from, how it was split, and one row per channel. */
export function dataFacts(data: RunData): Html {
  const span =
    data.firstTime === undefined || data.lastTime === undefined
      ? ''
      : `, ${formatInstant(data.firstTime)} to ${formatInstant(data.lastTime)}`;
  const series = data.series === undefined || data.series < 2 ? '' : ` in ${formatCount(data.series)} series`;
  const rows = data.channels.slice(0, shown).map(
    (channel) => html`<tr><th scope="row">${channel.name}</th>
<td class="n">${channel.missing === 0 ? 'none' : `${formatCount(channel.missing)} (${formatPercent(channel.missing / data.rows)})`}</td>
<td class="n">${formatNumber(channel.minimum)}</td><td class="n">${formatNumber(channel.mean)}</td>
<td class="n">${formatNumber(channel.maximum)}</td></tr>`,
  );
  const rest = data.channels.length - rows.length;
  return html`<section>
<h2>Data</h2>
<p>${data.name}: ${extent(data)} of ${formatCount(data.channels.length)}
${data.channels.length === 1 ? 'channel' : 'channels'}${series}${span}. ${splitText(data)}</p>
<table><thead><tr><th>Channel</th><th class="n">Missing</th><th class="n">Minimum</th><th class="n">Mean</th>
<th class="n">Maximum</th></tr></thead><tbody>${rows}</tbody></table>
${rest > 0 ? html`<p class="note">and ${formatCount(rest)} more channels.</p>` : undefined}
${source(data)}
</section>`;
}

function extent({ rows, wholeSeries }: RunData): string {
  if (wholeSeries === undefined) return `${formatCount(rows)} rows`;
  const { count, shortest, longest } = wholeSeries;
  const points =
    shortest === longest ? formatCount(longest) : `${formatCount(shortest)} to ${formatCount(longest)}`;
  return `${formatCount(count)} series of ${points} points`;
}

function splitText({ series = 1, trainRows, validationRows, testRows, wholeSeries }: RunData): string {
  if (wholeSeries) {
    const { count, heldOut } = wholeSeries;
    if (heldOut === 0) return 'All of them train; they are too few to hold some out. Labels are never read.';
    return `${formatCount(heldOut)} of the ${formatCount(count)} are held out and judge. Labels are never read.`;
  }
  const [train, validation] = [formatCount(trainRows), formatCount(validationRows)];
  const test = testRows === undefined ? undefined : formatCount(testRows);
  if (series < 2) {
    const start = `The first ${train} rows train, the\nnext ${validation} validate`;
    return test === undefined ? `${start}.` : `${start}, the ${test} after them test.`;
  }
  const start = `Every series is split in time order; in all, ${train} rows train, ${validation} validate`;
  return test === undefined ? `${start}.` : `${start}, ${test} test.`;
}
