import type { ClassificationRun, MethodScore } from '../../classification-run.ts';
import { formatError } from '../../format/numbers.ts';
import { type Html, html } from '../../html/html.ts';
import type { Measure } from '../../run-parts.ts';
import { levelText } from './level-text.ts';
import { type RangeScale, rangeCell, rangeScale } from './score-range.ts';

interface Column {
  readonly name: string;
  readonly pick: (row: MethodScore) => Measure | undefined;
  readonly better: 'higher' | 'lower';
  readonly format: (value: Measure | undefined) => string;
  /** What the column holds, for the note under the table. */
  readonly meaning?: string;
}

const scoreColumns: readonly Column[] = [
  { name: 'Accuracy', pick: (row) => row.accuracy, better: 'higher', format: formatError },
  {
    name: 'Balanced accuracy',
    pick: (row) => row.balancedAccuracy,
    better: 'higher',
    format: formatError,
    meaning: 'Balanced accuracy: the mean share of right answers over the classes.',
  },
  { name: 'Macro F1', pick: (row) => row.macroF1, better: 'higher', format: formatError },
  {
    name: 'AUROC',
    pick: (row) => row.auroc,
    better: 'higher',
    format: formatError,
    meaning: 'AUROC: each class against the rest, averaged.',
  },
  { name: 'Log loss', pick: (row) => row.logLoss, better: 'lower', format: formatError },
  {
    name: 'Calibration error',
    pick: (row) => row.calibrationError,
    better: 'lower',
    format: formatError,
    meaning:
      'Calibration error: how far the probability of the predicted class is from the share of right answers, over bins of it.',
  },
];

/** Errors in the target's units, with as many decimals as the smallest needs for three digits. */
function errorColumns(rows: readonly MethodScore[]): readonly Column[] {
  const sizes = rows.map((row) => row.rmse ?? 0).filter((value) => value > 0 && Number.isFinite(value));
  const smallest = sizes.length === 0 ? 1 : Math.min(...sizes);
  const decimals = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(smallest))));
  const format = (value: Measure | undefined) => formatError(value, decimals);
  return [
    { name: 'RMSE', pick: (row) => row.rmse, better: 'lower', format },
    { name: 'MAE', pick: (row) => row.mae, better: 'lower', format },
    {
      name: 'R²',
      pick: (row) => row.r2,
      better: 'higher',
      format: formatError,
      meaning: 'R²: 1 is a perfect prediction, 0 is no better than the mean of the test targets.',
    },
  ];
}

const groups: readonly { readonly heading: string; readonly kinds: readonly MethodScore['kind'][] }[] = [
  { heading: 'This run', kinds: ['ours', 'readout', 'member'] },
  { heading: 'Baselines', kinds: ['baseline'] },
  { heading: 'The same network without pretraining', kinds: ['control'] },
  { heading: 'Linear models on frozen features', kinds: ['probe'] },
];

const notes: Partial<Record<MethodScore['kind'], string>> = {
  readout: 'Readouts are single ways to read a prediction from the same networks.',
  member: 'Members are single networks of those the run averages.',
  control: 'The control starts from random weights: what pretraining is worth.',
};

/** The run beside its parts, the baselines, the controls and the probes. */
export function results({ task, results: rows, verdict, level }: ClassificationRun): Html {
  if (rows.length === 0) return html``;
  const classification = task === 'classification';
  const used = (classification ? scoreColumns : errorColumns(rows)).filter(
    (column, index) => index === 0 || rows.some((row) => typeof column.pick(row) === 'number'),
  );
  const first = used[0]!;
  const withInterval = rows.some((row) => row.interval !== undefined);
  const best = used.map((column) => bestText(column, rows));
  const scale = rangeScale(
    rows.map((row) => ({ value: first.pick(row), interval: row.interval, kind: row.kind })),
    first.better,
  );
  const heads = [
    first.name,
    ...(withInterval ? [levelText(level)] : []),
    ...used.slice(1).map(({ name }) => name),
  ];
  const captions = [
    ...Object.entries(notes).flatMap(([kind, note]) => (rows.some((row) => row.kind === kind) ? note : [])),
    ...used.flatMap((column) => column.meaning ?? []),
    ...(scale.reference === undefined ? [] : ['The vertical line marks the best baseline.']),
  ];
  return html`<section>
<h2>${classification ? 'Test scores' : 'Test errors'}</h2>
${verdict === '' ? undefined : html`<p class="lead">${verdict}</p>`}
<p>Every method sees the same training series and is scored on the same test series${
    withInterval ? '; intervals are of other draws of as many test series' : ''
  }. The best value of each column is <b class="best">marked</b>.</p>
<table class="results scores"><thead><tr><th>Method</th>${heads.map((name) => html`<th class="n">${name}</th>`)}<th class="range">${ends(scale, first)}</th></tr></thead>
${groups.map(({ heading, kinds }) =>
  groupRows(
    heading,
    rows.filter((row) => kinds.includes(row.kind)),
    { used, best, withInterval, scale, alone: rows.every((row) => kinds.includes(row.kind)) },
  ),
)}</table>
<figcaption>${captions.join(' ')}</figcaption>
</section>`;
}

function groupRows(heading: string, rows: readonly MethodScore[], table: TableParts): Html {
  if (rows.length === 0) return html``;
  const { used, best, withInterval, scale, alone } = table;
  const columns = used.length + 2 + Number(withInterval);
  return html`<tbody>${
    alone
      ? undefined
      : html`<tr class="group"><th colspan="${columns}" scope="rowgroup"><b>${heading}</b></th></tr>`
  }${rows.map((row) => {
    const cells = used.map((column, index) => {
      const text = column.format(column.pick(row));
      return html`<td class="n">${text === best[index] ? html`<b class="best">${text}</b>` : text}</td>`;
    });
    if (withInterval) cells.splice(1, 0, html`<td class="n soft">${intervalText(row, used[0]!)}</td>`);
    return html`<tr class="${row.kind}"><th scope="row">${row.method}${
      row.kind === 'member' || row.kind === 'readout' ? html` <small>${row.kind}</small>` : undefined
    }</th>${cells}${rangeCell({ value: used[0]!.pick(row), interval: row.interval, kind: row.kind }, scale)}</tr>`;
  })}</tbody>`;
}

interface TableParts {
  readonly used: readonly Column[];
  readonly best: readonly (string | undefined)[];
  readonly withInterval: boolean;
  readonly scale: RangeScale;
  /** All rows are of one group, which then needs no heading. */
  readonly alone: boolean;
}

function intervalText({ interval }: MethodScore, column: Column): string {
  return interval === undefined ? '' : interval.map((value) => column.format(value)).join(' – ');
}

function ends({ low, high }: RangeScale, column: Column): Html {
  if (!(low < high)) return html``;
  const text = column.better === 'higher' ? (value: number) => value.toFixed(2) : column.format;
  return html`<span class="ends"><span>${text(low)}</span><span>${text(high)}</span></span>`;
}

/** The best value of a column as it is printed, so that what looks equal is marked alike; none for a lone row. */
function bestText({ pick, better, format }: Column, rows: readonly MethodScore[]): string | undefined {
  const values = rows.flatMap((row) => {
    const value = pick(row);
    return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
  });
  if (values.length < 2) return undefined;
  return format(better === 'higher' ? Math.max(...values) : Math.min(...values));
}
