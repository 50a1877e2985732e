import type { MethodScore } from '../../classification-run.ts';
import { type Html, html } from '../../html/html.ts';
import type { Measure } from '../../run-parts.ts';

/** A score with its interval, as one row of the table draws it. */
export interface DrawnScore {
  readonly value: Measure | undefined;
  readonly interval: readonly [Measure, Measure] | undefined;
  readonly kind: MethodScore['kind'];
}

/** The axis that all rows share. */
export interface RangeScale {
  readonly low: number;
  readonly high: number;
  /** The best baseline. */
  readonly reference: number | undefined;
}

/**
 * An axis from the weakest row worth comparing to the best value possible: shares end at 1, errors start at 0. A share
 * far below the run's own (guessing the most frequent class) would squeeze all others together; it is drawn at the edge.
 */
export function rangeScale(rows: readonly DrawnScore[], better: 'higher' | 'lower'): RangeScale {
  const values = finite(rows.map((row) => row.value));
  const baselines = finite(rows.filter((row) => row.kind === 'baseline').map((row) => row.value));
  const bounds = finite(rows.flatMap((row) => [row.value, ...(row.interval ?? [])]));
  if (values.length === 0) return { low: 0, high: 0, reference: undefined };
  if (better === 'lower') {
    const reference = baselines.length === 0 ? undefined : Math.min(...baselines);
    const best = Math.min(...values);
    const near = bounds.filter((value) => value <= 5 * best);
    return { low: 0, high: Math.max(0, ...near), reference };
  }
  const top = Math.max(...values);
  const near = bounds.filter((value) => value >= top - 0.4);
  const low = Math.max(0, Math.floor(20 * Math.min(...near) - 0.5) / 20);
  return { low, high: 1, reference: baselines.length === 0 ? undefined : Math.max(...baselines) };
}

/** The table cell with a dot at the score and a line over its interval. */
export function rangeCell({ value, interval }: DrawnScore, scale: RangeScale): Html {
  if (!(scale.low < scale.high)) return html`<td class="range"></td>`;
  const place = (at: number) =>
    (100 * Math.min(1, Math.max(0, (at - scale.low) / (scale.high - scale.low)))).toFixed(1);
  const [from, to] = finite(interval ?? []);
  const inside = typeof value === 'number' && value >= scale.low && value <= scale.high;
  return html`<td class="range"><div>${
    scale.reference === undefined ? undefined : html`<u style="left: ${place(scale.reference)}%"></u>`
  }${
    from === undefined || to === undefined
      ? undefined
      : html`<i style="left: ${place(from)}%; right: ${(100 - Number(place(to))).toFixed(1)}%"></i>`
  }${
    typeof value === 'number' && Number.isFinite(value)
      ? html`<b${inside ? undefined : html` class="beyond"`} style="left: ${place(value)}%"></b>`
      : undefined
  }</div></td>`;
}

function finite(values: readonly (Measure | undefined)[]): number[] {
  return values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}
