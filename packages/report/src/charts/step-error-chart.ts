import { formatNumber } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import type { Measure } from '../run-parts.ts';
import { axisStyle, logAxis, logValue } from './axes.ts';
import { horizonAxis } from './horizon-axis.ts';
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
      xAxis: horizonAxis(steps),
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
