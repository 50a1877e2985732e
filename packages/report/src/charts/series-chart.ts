import type { Mistake } from '../classification-run.ts';
import type { Html } from '../html/html.ts';
import { finiteOrNull, line } from './line.ts';
import { pointAxis, unitAxis } from './point-axis.ts';
import { renderChart } from './render-chart.ts';
import { roundTicks } from './round-ticks.ts';
import { shortened } from './shortened.ts';

/** Channels that one drawing shows. */
export const shownChannels = 4;

/** A series over its points, one strip per channel under one axis, with the series it is compared to behind it. */
export function seriesChart({ title, channels, nearest }: Mistake, id: string): Html {
  const drawn = channels.slice(0, shownChannels).map(({ name, values }) => ({
    name,
    values,
    behind: nearest?.channels.find((channel) => channel.name === name)?.values ?? [],
  }));
  const count = Math.max(0, ...drawn.flatMap(({ values, behind }) => [values.length, behind.length]));
  const alone = drawn.length < 2;
  const strip = alone ? 160 : 58;
  const gap = alone ? 0 : 24;
  const top = alone ? 10 : 22;
  const height = top + drawn.length * (strip + gap) - gap + 26;
  const { option: xAxis } = pointAxis(count, undefined);
  return renderChart(
    {
      grid: drawn.map((_, index) => ({
        left: 50,
        right: 8,
        top: top + index * (strip + gap),
        height: strip,
      })),
      xAxis: drawn.map((_, index) => ({
        ...xAxis,
        gridIndex: index,
        axisLabel: { ...xAxis.axisLabel, show: index === drawn.length - 1 },
      })),
      yAxis: drawn.map(({ name, values, behind }, index) => {
        const range = rangeOf([...values, ...behind]);
        const customValues = roundTicks(range.min, range.max, alone ? 5 : 3);
        const axis = unitAxis(alone ? undefined : shortened(name, 40));
        return {
          ...axis,
          ...range,
          gridIndex: index,
          splitLine: { ...axis.splitLine, customValues },
          nameGap: 5,
          nameTextStyle: { ...axis.nameTextStyle, padding: 0 },
          axisTick: { show: false, customValues },
          axisLabel: { ...axis.axisLabel, customValues },
        };
      }),
      series: drawn.flatMap(({ values, behind }, index) => [
        {
          ...points(behind, { color: 'var(--model)', width: 1.3, type: [4, 3], opacity: 0.85 }),
          ...axesOf(index),
        },
        { ...points(values, { color: 'var(--check)', width: 1.8 }), ...axesOf(index) },
      ]),
    },
    { id, width: 500, height, label: `${title}: the series over its points` },
  );
}

/** What is drawn with a little air, so that strips are not taken up by round ends of their axes. */
function rangeOf(values: readonly (number | null)[]): { min: number; max: number } {
  const known = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (known.length === 0) return { min: 0, max: 1 };
  const low = known.reduce((least, value) => Math.min(least, value));
  const high = known.reduce((most, value) => Math.max(most, value));
  const air = 0.08 * (high - low) || 0.1 * Math.abs(high) || 1;
  return { min: low - air, max: high + air };
}

function points(values: readonly (number | null)[], lineStyle: object): Record<string, unknown> {
  const lone = values.length === 1;
  return {
    ...line(
      values.map((value, index) => [index, finiteOrNull(value)] as const),
      lineStyle,
    ),
    sampling: 'minmax',
    showSymbol: lone,
  };
}

function axesOf(index: number): { xAxisIndex: number; yAxisIndex: number } {
  return { xAxisIndex: index, yAxisIndex: index };
}
