import { formatNumber } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import type { TrainingPoint } from '../pretrain-run.ts';
import { axisStyle } from './axes.ts';
import { line } from './line.ts';
import { renderChart } from './render-chart.ts';
import { stepAxis } from './step-axis.ts';
import { smooth, thin } from './thin.ts';

/** A small chart of one quantity over training steps. */
export function scheduleChart(
  training: readonly TrainingPoint[],
  { id, name, label, pick, reach = 0 }: ScheduleChartOptions,
): Html {
  const points = thin(
    training.map((point) => [point.step, pick(point) ?? Number.NaN] as const),
    300,
  );
  return renderChart(
    {
      grid: { left: 52, right: 14, top: 26, bottom: 30 },
      xAxis: { ...stepAxis(training.map((point) => point.step)), name: '', splitNumber: 3 },
      yAxis: {
        ...axisStyle,
        type: 'value',
        name,
        nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 2, -44] },
        min: 0,
        splitNumber: 3,
        axisLabel: { ...axisStyle.axisLabel, formatter: (value: number) => shortNumber(value) },
      },
      series: [
        ...(reach > 0 ? [line(points, { color: 'var(--model)', width: 1, opacity: 0.28 })] : []),
        line(smooth(points, reach), { color: 'var(--model)', width: 1.6 }),
      ],
    },
    { id, width: 340, height: 158, label },
  );
}

export interface ScheduleChartOptions {
  readonly id: string;
  /** Above the axis. */
  readonly name: string;
  readonly label: string;
  readonly pick: (point: TrainingPoint) => number | undefined;
  /** Steps to each side of the moving average drawn over the raw values; 0 draws the values alone. */
  readonly reach?: number;
}

function shortNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 0.01
    ? value.toExponential().replace('e-', 'e−')
    : formatNumber(value, 3);
}
