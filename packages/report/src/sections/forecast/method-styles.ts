import type { ForecastRun } from '../../forecast-run.ts';

/** How a method looks in every chart of the page: a custom property of the page and the shape of its key. */
export interface MethodStyle {
  readonly color: string;
  readonly shape: '' | 'dashed' | 'dotted';
  readonly width: number;
}

const baselineColors = ['ruler', 'check', 'third', 'fourth', 'muted'];

/** One style for each method that a step-error curve names; the forecaster and its members share a colour. */
export function methodStyles({ results, perStep }: ForecastRun): Map<string, MethodStyle> {
  const kinds = new Map(results.flatMap(({ rows }) => rows.map((row) => [row.method, row.kind] as const)));
  const styles = new Map<string, MethodStyle>();
  let members = 0;
  let baselines = 0;
  for (const { curves } of perStep) {
    for (const [index, { method }] of curves.entries()) {
      if (styles.has(method)) continue;
      const kind = kinds.get(method) ?? (index === 0 ? 'ours' : 'baseline');
      if (kind === 'ours') styles.set(method, { color: 'model', shape: '', width: 2.4 });
      else if (kind === 'member') {
        styles.set(method, { color: 'model', shape: members % 2 === 0 ? 'dashed' : 'dotted', width: 1.5 });
        members++;
      } else {
        styles.set(method, {
          color: baselineColors[baselines % baselineColors.length]!,
          shape: baselines < baselineColors.length ? '' : 'dashed',
          width: 1.4,
        });
        baselines++;
      }
    }
  }
  return styles;
}

/** The style as ECharts wants it. */
export function lineStyleOf({ color, shape, width }: MethodStyle): object {
  const dash = shape === 'dashed' ? [6, 4] : shape === 'dotted' ? [1.5, 4] : undefined;
  return { color: `var(--${color})`, width, ...(dash !== undefined && { type: dash }) };
}
