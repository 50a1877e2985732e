import { formatNumber } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import { axisStyle, baseAxisStyle } from './axes.ts';
import { line } from './line.ts';
import { type ChartFrame, renderChart } from './render-chart.ts';

/** Predicted against true values on axes of one range, with the line on which they agree. */
export function agreementChart(
  pairs: readonly { readonly truth: number; readonly predicted: number }[],
  frame: ChartFrame,
): Html {
  const all = pairs.flatMap(({ truth, predicted }) => [truth, predicted]);
  const low = all.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = all.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const margin = 0.03 * (high - low) || 0.05 * Math.abs(high) || 1;
  const [min, max] = [low - margin, high + margin];
  const axis = {
    type: 'value' as const,
    min,
    max,
    splitNumber: 6,
    axisLabel: {
      ...axisStyle.axisLabel,
      showMinLabel: false,
      showMaxLabel: false,
      formatter: (value: number) => formatNumber(value),
    },
  };
  return renderChart(
    {
      grid: { left: 62, right: 14, top: 26, bottom: 44 },
      xAxis: { ...baseAxisStyle, ...axis, name: 'true value', nameLocation: 'middle', nameGap: 26 },
      yAxis: {
        ...axisStyle,
        ...axis,
        name: 'predicted value',
        nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 2, -54] },
      },
      series: [
        line(
          [
            [min, min],
            [max, max],
          ],
          { color: 'var(--muted)', width: 1.2, type: [5, 4], cap: 'butt' },
        ),
        {
          type: 'scatter',
          silent: true,
          z: 5,
          symbolSize: pairs.length > 400 ? 5 : 7,
          itemStyle: { color: 'var(--model)', opacity: pairs.length > 100 ? 0.55 : 0.8 },
          data: pairs.map(({ truth, predicted }) => [truth, predicted]),
        },
      ],
    },
    frame,
  );
}
