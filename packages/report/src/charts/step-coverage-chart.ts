import { formatPercent } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import type { Measure } from '../run-parts.ts';
import { axisStyle } from './axes.ts';
import { horizonAxis } from './horizon-axis.ts';
import { line } from './line.ts';
import { type ChartFrame, renderChart } from './render-chart.ts';

/** One line of the chart: the share inside the interval at step 1, 2, ... of the horizon, 0 to 1. */
export interface CoverageCurve {
  readonly coverage: readonly Measure[];
  readonly lineStyle: object;
}

/** Coverage over the steps of a horizon, with a dashed line at the share it should be, where that is known. */
export function stepCoverageChart(
  curves: readonly CoverageCurve[],
  level: number | undefined,
  frame: ChartFrame,
): Html {
  const shares = curves.map(({ coverage }) => coverage.map(shareOrNull));
  const steps = Math.max(0, ...shares.map((one) => one.length));
  const aim = shareOrNull(level);
  const interval = aim === null ? 'interval' : `${formatPercent(aim)} interval`;
  return renderChart(
    {
      grid: { left: 44, right: 14, top: 26, bottom: 44 },
      xAxis: horizonAxis(steps),
      yAxis: {
        ...axisStyle,
        type: 'value',
        name: `truth inside the ${interval}`,
        nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 2, -36] },
        ...rangeOf([...shares.flat(), aim]),
        axisLabel: { ...axisStyle.axisLabel, formatter: (share: number) => formatPercent(share, 0) },
      },
      series: [
        ...(aim === null ? [] : [levelLine(aim, steps)]),
        ...curves
          .map(({ lineStyle }, index) =>
            line(
              shares[index]!.map((share, step) => [step + 1, share] as const),
              lineStyle,
            ),
          )
          .reverse(),
      ],
    },
    frame,
  );
}

function levelLine(aim: number, steps: number): Record<string, unknown> {
  const ends = [1, Math.max(2, steps)].map((step) => [step, aim] as const);
  return line(ends, { color: 'var(--muted)', width: 1.2, type: [5, 4], cap: 'butt' });
}

/** At least 30 points of percent, in whole steps of ten, so that a wiggle of a percent looks like one. */
function rangeOf(shares: readonly (number | null)[]): { min: number; max: number } {
  const known = shares.filter((share) => share !== null);
  if (known.length === 0) return { min: 0, max: 1 };
  const low = known.reduce((least, share) => Math.min(least, share), 1);
  const high = known.reduce((most, share) => Math.max(most, share), 0);
  let min = Math.floor(low * 10 - 0.2);
  let max = Math.ceil(high * 10 + 0.2);
  while (max - min < 3) {
    min--;
    if (max - min < 3) max++;
  }
  return { min: Math.max(0, min) / 10, max: Math.min(10, max) / 10 };
}

function shareOrNull(value: number | null | undefined): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : null;
}
