import type { ReliabilityBin } from '../classification-run.ts';
import { formatPercent } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import { axisStyle, baseAxisStyle } from './axes.ts';
import { finiteOrNull, line } from './line.ts';
import { type ChartFrame, renderChart } from './render-chart.ts';

const percent = (share: number) => formatPercent(share, 0);

/** Accuracy over confidence with the diagonal, and below it how many series have which confidence. */
export function reliabilityChart(bins: readonly ReliabilityBin[], frame: ChartFrame): Html {
  const largest = bins.reduce((most, bin) => Math.max(most, bin.count), 1);
  const low = bins.reduce((least, bin) => Math.min(least, bin.confidence ?? 1), 1);
  const min = Math.max(0, Math.min(0.8, Math.floor(low * 10 - 0.2) / 10));
  const across = { ...baseAxisStyle, type: 'value' as const, min, max: 1 };
  const points = bins.flatMap((bin) => {
    const accuracy = finiteOrNull(bin.accuracy);
    return accuracy === null
      ? []
      : [{ value: [bin.confidence, accuracy], symbolSize: 6 + 10 * Math.sqrt(bin.count / largest) }];
  });
  return renderChart(
    {
      grid: [
        { left: 48, right: 16, top: 26, height: 190 },
        { left: 48, right: 16, top: 232, height: 52 },
      ],
      xAxis: [
        { ...across, gridIndex: 0, axisLabel: { show: false } },
        {
          ...across,
          gridIndex: 1,
          name: 'probability of the predicted class',
          nameLocation: 'middle',
          nameGap: 26,
          axisLabel: { ...axisStyle.axisLabel, formatter: percent },
        },
      ],
      yAxis: [
        {
          ...axisStyle,
          type: 'value',
          min: 0,
          max: 1,
          splitNumber: 5,
          name: 'right answers',
          nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left', padding: [0, 0, 2, -40] },
          axisLabel: { ...axisStyle.axisLabel, formatter: percent },
        },
        {
          ...axisStyle,
          type: 'value',
          gridIndex: 1,
          min: 0,
          max: largest,
          splitNumber: 1,
          splitLine: { show: false },
        },
      ],
      series: [
        line(
          [
            [min, min],
            [1, 1],
          ],
          { color: 'var(--muted)', width: 1.2, type: [5, 4], cap: 'butt' },
        ),
        line(
          points.map(({ value }) => [value[0]!, value[1]!] as const),
          { color: 'var(--model)', width: 1.4 },
        ),
        {
          type: 'scatter',
          silent: true,
          z: 5,
          clip: false,
          itemStyle: { color: 'var(--model)', opacity: 1 },
          data: points,
        },
        {
          type: 'bar',
          silent: true,
          xAxisIndex: 1,
          yAxisIndex: 1,
          barWidth: 12,
          itemStyle: { color: 'var(--rule)' },
          data: bins.map((bin) => [bin.confidence, bin.count]),
        },
      ],
    },
    frame,
  );
}
