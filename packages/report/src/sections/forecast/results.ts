import type { ForecastRun, ForecastScore, HorizonResults } from '../../forecast-run.ts';
import { formatCount, formatError, formatPercent } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import type { Measure } from '../../run-parts.ts';
import { averageResults } from './average-results.ts';

interface Column {
  readonly name: string;
  readonly pick: (row: ForecastScore) => Measure | undefined;
  readonly format: (value: Measure | undefined) => string;
  /** A lower value is better, so the lowest is marked. */
  readonly ranked: boolean;
  /** What the column holds, for the note under the table. */
  readonly meaning?: string;
}

const columns: readonly Column[] = [
  { name: 'MSE', pick: (row) => row.mse, format: formatError, ranked: true },
  { name: 'MAE', pick: (row) => row.mae, format: formatError, ranked: true },
  {
    name: 'sMAPE, %',
    pick: (row) => row.smape,
    format: (value) => formatError(value, 1),
    ranked: true,
    meaning: 'sMAPE: symmetric percentage error in the data’s own units, 0 to 200.',
  },
  {
    name: 'MASE',
    pick: (row) => row.mase,
    format: formatError,
    ranked: true,
    meaning:
      'MASE: absolute error divided by the mean absolute error that the seasonal-naive forecast makes on the training rows.',
  },
  {
    name: 'Coverage',
    pick: (row) => row.coverage,
    format: (value) => formatPercent(value, 1),
    ranked: false,
  },
];

interface Group {
  readonly heading: string;
  readonly verdict: string;
  readonly rows: readonly ForecastScore[];
}

/** The forecaster beside its members and the baselines, one group of rows per horizon and one for their average. */
export function results({ results: horizons }: ForecastRun): Html {
  const groups = groupsOf(horizons);
  const all = groups.flatMap((group) => group.rows);
  if (all.length === 0) return html``;
  const used = columns.filter(
    (column, index) => index < 2 || all.some((row) => typeof column.pick(row) === 'number'),
  );
  const notes = [
    ...(all.some((row) => row.kind === 'member') ? [memberNote] : []),
    ...(all.some((row) => row.kind === 'control') ? [controlNote] : []),
    ...used.flatMap((column) => (column.ranked ? (column.meaning ?? []) : coverageNote(horizons))),
  ];
  return html`<section>
<h2>Forecast errors</h2>
<p>Every method forecasts the same windows of the test rows. MSE and MAE are mean squared and mean absolute error in scaled
units: a channel’s error divided by the standard deviation of that channel over the training rows, so that channels of
different size count alike and 1 is an error of one standard deviation. Lower is better; the lowest value of each group
is <b class="best">marked</b>.</p>
<table class="results"><thead><tr><th>Method</th>${used.map(
    (column) => html`<th class="n">${column.name}</th>`,
  )}<th class="n">MSE against best baseline</th><th class="bar"></th></tr></thead>
${groups.map((group) => groupRows(group, used))}</table>
<figcaption>${notes.join(' ')}</figcaption>
</section>`;
}

const memberNote = 'Members are the parts that the forecaster combines, each forecasting alone.';

const controlNote = 'The control is the same network without pretraining: what pretraining is worth.';

function coverageNote(horizons: readonly HorizonResults[]): string {
  const [level, ...others] = new Set(horizons.map((one) => one.level));
  const known = level !== undefined && others.length === 0;
  const [interval, aim] = known
    ? [`${formatPercent(level)} interval`, formatPercent(level)]
    : ['forecast’s interval', 'its level'];
  return `Coverage: share of the truth inside the ${interval}; the closer to ${aim}, the better.`;
}

function groupsOf(horizons: readonly HorizonResults[]): Group[] {
  const groups = horizons.map(
    ({ horizon, verdict, rows }): Group => ({
      heading: `Horizon ${formatCount(horizon)}`,
      verdict,
      rows,
    }),
  );
  const average = horizons.length > 1 ? averageResults(horizons) : [];
  if (average.length > 0) groups.push({ heading: 'Average of the horizons', verdict: '', rows: average });
  return groups.filter((group) => group.rows.length > 0);
}

function groupRows({ heading, verdict, rows }: Group, used: readonly Column[]): Html {
  const best = used.map((column) => (column.ranked ? bestText(column, rows) : undefined));
  const reference = lowest(rows.filter((row) => row.kind === 'baseline').map((row) => row.mse));
  const largest = rows.reduce((high, row) => (Number.isFinite(row.mse) ? Math.max(high, row.mse!) : high), 0);
  return html`<tbody><tr class="group"><th colspan="${used.length + 3}" scope="rowgroup"><b>${heading}</b>
<span>${verdict}</span></th></tr>
${rows.map((row) => {
  const share = largest > 0 && Number.isFinite(row.mse) ? Math.max(0, row.mse! / largest) : 0;
  return html`<tr class="${row.kind}"><th scope="row">${row.method}${
    row.kind === 'member' || row.kind === 'control' ? html` <small>${row.kind}</small>` : undefined
  }</th>${used.map((column, index) => {
    const text = column.format(column.pick(row));
    return html`<td class="n">${text === best[index] ? html`<b class="best">${text}</b>` : text}</td>`;
  })}<td class="n">${formatPercent((row.mse ?? Number.NaN) / reference)}</td>
<td class="bar">${Number.isFinite(row.mse) ? html`<i style="width: ${(share * 100).toFixed(1)}%"></i>` : undefined}</td></tr>`;
})}</tbody>`;
}

/** The lowest value of a column as it is printed, so that what looks equal is marked alike; none for a lone row. */
function bestText(column: Column, rows: readonly ForecastScore[]): string | undefined {
  const values = rows.map(column.pick).filter((value) => Number.isFinite(value));
  return values.length < 2 ? undefined : column.format(lowest(values));
}

function lowest(values: readonly (Measure | undefined)[]): number {
  const finite = values.filter((value): value is number => Number.isFinite(value));
  return finite.length === 0 ? Number.NaN : Math.min(...finite);
}
