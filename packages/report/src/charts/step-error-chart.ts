import type { Measure } from '../forecast-run.ts';
import { formatNumber } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import { axisStyle, baseAxisStyle, logAxis, logValue } from './axes.ts';
import { line } from './line.ts';
import { type ChartFrame, renderChart } from './render-chart.ts';

/** One line of the chart: the error at step 1, 2, ... of the horizon, and how it is drawn. */
export interface StepCurve {
  readonly mse: readonly Measure[];
  readonly lineStyle: object;
}

/** Error over the steps of a horizon, one line per method, on a logarithmic axis; the first line is on top. */
export function stepErrorChart(curves: readonly StepCurve[], frame: ChartFrame): Html {
  const axis = logAxis(
    curves.flatMap((curve) => curve.mse.filter((value) => value !== null)),
    (value) => formatNumber(value, 2),
  );
  const steps = Math.max(0, ...curves.map((curve) => curve.mse.length));
  return renderChart(
    {
      grid: { left: 52, right: 14, top: 26, bottom: 44 },
      xAxis: {
        ...baseAxisStyle,
        type: 'value',
        name: 'step of the horizon',
        nameLocation: 'middle',
        nameGap: 26,
        min: 1,
        max: Math.max(2, steps),
        axisTick: { show: false, customValues: stepTicks(steps) },
        axisLabel: { ...axisStyle.axisLabel, customValues: stepTicks(steps) },
      },
      yAxis: {
        ...axisStyle,
        name: 'mean squared error, log scale',
        nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 2, -44] },
        ...axis,
      },
      series: curves
        .map((curve) =>
          line(
            curve.mse.map((value, index) => [index + 1, value === null ? null : logValue(value)] as const),
            curve.lineStyle,
          ),
        )
        .reverse(),
    },
    frame,
  );
}

/** The first step, round steps between, and the last. */
function stepTicks(steps: number): number[] {
  if (steps < 2) return [1, 2].slice(0, Math.max(1, steps));
  const stride =
    [1, 2, 4, 6, 12, 24, 48, 72, 96, 120, 240, 480].find((candidate) => steps / candidate <= 8) ??
    Math.ceil(steps / 8);
  const ticks = [1];
  for (let tick = stride; tick < steps - stride / 2; tick += stride)
    if (tick > 1 + stride / 3) ticks.push(tick);
  return [...ticks, steps];
}
