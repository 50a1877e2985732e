import { formatError } from '../format/numbers.ts';
import type { Html } from '../html/html.ts';
import { axisStyle, baseAxisStyle, logAxis, logValue } from './axes.ts';
import { line } from './line.ts';
import { type ChartFrame, renderChart } from './render-chart.ts';
import { shortened } from './shortened.ts';

/** One channel's error with the model and with what it is compared to. */
export interface ChannelPair {
  readonly channel: string;
  readonly model: number;
  readonly reference: number;
}

/** Two dots per channel, joined, on a logarithmic axis: the reference open, the model full; the first channel on top. */
export function channelChart(
  errors: readonly ChannelPair[],
  { axisName, ...frame }: ChannelChartOptions,
): Html {
  const axis = logAxis(
    errors.flatMap((error) => [error.model, error.reference]),
    (value) => formatError(value).replace(/\.?0+$/, ''),
  );
  const rows = errors.map((error, index) => ({ ...error, row: errors.length - 1 - index }));
  const dots = (pick: (error: ChannelPair) => number, itemStyle: object) => ({
    type: 'scatter',
    silent: true,
    symbolSize: 10,
    z: 5,
    itemStyle: { opacity: 1, ...itemStyle },
    data: rows.flatMap((error) => {
      const value = logValue(pick(error));
      return value === null ? [] : [[value, error.row]];
    }),
  });
  const links = rows.flatMap((error) => {
    const ends = [logValue(error.model), logValue(error.reference)] as const;
    if (ends[0] === null || ends[1] === null) return [];
    return [
      [ends[0], error.row],
      [ends[1], error.row],
      [ends[1], null],
    ] as const;
  });
  return renderChart(
    {
      grid: {
        left: 18 + 7.5 * Math.max(...errors.map((error) => shortened(error.channel).length)),
        right: 24,
        top: 8,
        bottom: 44,
      },
      xAxis: {
        ...baseAxisStyle,
        name: axisName,
        nameLocation: 'middle',
        nameGap: 26,
        ...axis,
      },
      yAxis: {
        ...axisStyle,
        type: 'value',
        min: -0.6,
        max: errors.length - 0.4,
        splitLine: { show: false },
        axisLabel: {
          ...axisStyle.axisLabel,
          color: 'var(--ink)',
          fontSize: 12.5,
          customValues: rows.map((error) => error.row),
          formatter: (value: number) => shortened(rows.find((error) => error.row === value)?.channel ?? ''),
        },
      },
      series: [
        { ...line(links, { color: 'var(--rule)', width: 3 }), z: 1 },
        dots((error) => error.reference, {
          color: 'var(--paper)',
          borderColor: 'var(--ruler)',
          borderWidth: 2,
        }),
        dots((error) => error.model, { color: 'var(--model)' }),
      ],
    },
    { ...frame, height: 60 + 30 * errors.length },
  );
}

export interface ChannelChartOptions extends Omit<ChartFrame, 'height'> {
  /** Below the axis. */
  readonly axisName: string;
}
