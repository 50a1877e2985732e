import { formatCount, formatNumber } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import type { TrainingPoint, ValidationPoint } from '../pretrain-run.ts';
import { axisStyle, baseAxisStyle, logAxis, logValue } from './axes.ts';
import { renderChart } from './render-chart.ts';
import { smooth, thin } from './thin.ts';

/** Training loss (every step faint, a moving average bold) and the validation error over steps, logarithmic. */
export function lossChart(training: readonly TrainingPoint[], validation: readonly ValidationPoint[]): Html {
  const loss = thin(
    training.map((point) => [point.step, point.loss] as const),
    600,
  ).filter(([, value]) => value > 0);
  const average = smooth(loss, Math.max(2, Math.round(loss.length / 60)));
  const checks = thin(
    validation.map((point) => [point.step, point.maskedError] as const),
    200,
  ).filter(([, value]) => value > 0);
  const axis = logAxis(
    [...loss, ...checks].map(([, value]) => value),
    (value) => formatNumber(value, 2),
  );
  const drawn = (points: readonly (readonly [number, number])[]) =>
    points.map(([step, value]) => [step, logValue(value)]);
  return renderChart(
    {
      grid: { left: 52, right: 14, top: 26, bottom: 44 },
      xAxis: stepAxis(training, validation),
      yAxis: {
        ...axisStyle,
        name: 'mean squared error, log scale',
        nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 2, -44] },
        ...axis,
      },
      series: [
        line(drawn(loss), { color: 'var(--model)', width: 1, opacity: 0.28 }),
        line(drawn(average), { color: 'var(--model)', width: 2 }),
        {
          ...line(drawn(checks), { color: 'var(--check)', width: 1.2 }),
          showSymbol: true,
          symbol: 'circle',
          symbolSize: checks.length > 40 ? 4 : 6.5,
          itemStyle: { color: 'var(--paper)', borderColor: 'var(--check)', borderWidth: 1.8 },
        },
      ],
    },
    {
      id: 'loss',
      width: 640,
      height: 330,
      label: 'Training loss and validation error over training steps, on a logarithmic scale',
    },
  );
}

/** A bottom axis in training steps that spans the run. */
export function stepAxis(training: readonly TrainingPoint[], validation: readonly ValidationPoint[] = []) {
  const steps = [...training, ...validation].map((point) => point.step).filter(Number.isFinite);
  const first = steps.reduce((low, step) => Math.min(low, step), Number.POSITIVE_INFINITY);
  const last = steps.reduce((high, step) => Math.max(high, step), Number.NEGATIVE_INFINITY);
  return {
    ...baseAxisStyle,
    type: 'value',
    name: 'step',
    nameLocation: 'middle',
    nameGap: 26,
    ...(first < last ? { min: first > last * 0.1 ? first : 0, max: last } : {}),
    axisLabel: { ...axisStyle.axisLabel, hideOverlap: true, showMaxLabel: null, formatter: formatCount },
  };
}

/** A line without symbols. */
export function line(
  data: readonly (readonly (number | null)[])[],
  lineStyle: object,
): Record<string, unknown> {
  return {
    type: 'line',
    data,
    lineStyle: { join: 'round', cap: 'round', ...lineStyle },
    showSymbol: false,
    silent: true,
  };
}
