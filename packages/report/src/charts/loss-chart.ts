import { formatNumber } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import { axisStyle, logAxis, logValue } from './axes.ts';
import { line } from './line.ts';
import { type ChartFrame, renderChart } from './render-chart.ts';
import { stepAxis } from './step-axis.ts';
import { smooth, thin } from './thin.ts';

/** Training loss (every step faint, a moving average bold) and the validation error over steps, logarithmic. */
export function lossChart({ losses, checks, axisName, ...frame }: LossChartOptions): Html {
  const loss = thin(losses, 600).filter(([, value]) => value > 0);
  const average = smooth(loss, Math.max(2, Math.round(loss.length / 60)));
  const check = thin(checks, 200).filter(([, value]) => value > 0);
  const axis = logAxis(
    [...loss, ...check].map(([, value]) => value),
    (value) => formatNumber(value, 2),
  );
  const drawn = (points: readonly (readonly [number, number])[]) =>
    points.map(([step, value]) => [step, logValue(value)] as const);
  return renderChart(
    {
      grid: { left: 52, right: 14, top: 26, bottom: 44 },
      xAxis: stepAxis([...losses, ...checks].map(([step]) => step)),
      yAxis: {
        ...axisStyle,
        name: axisName,
        nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 2, -44] },
        ...axis,
      },
      series: [
        line(drawn(loss), { color: 'var(--model)', width: 1, opacity: 0.28 }),
        line(drawn(average), { color: 'var(--model)', width: 2 }),
        {
          ...line(drawn(check), { color: 'var(--check)', width: 1.2 }),
          showSymbol: true,
          symbol: 'circle',
          symbolSize: check.length > 40 ? 4 : 6.5,
          itemStyle: { color: 'var(--paper)', borderColor: 'var(--check)', borderWidth: 1.8 },
        },
      ],
    },
    frame,
  );
}

export interface LossChartOptions extends ChartFrame {
  /** Step and loss; missing and infinite values are left out. */
  readonly losses: readonly (readonly [number, number])[];
  /** Step and validation error. */
  readonly checks: readonly (readonly [number, number])[];
  /** Above the axis. */
  readonly axisName: string;
}
