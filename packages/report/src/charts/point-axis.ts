import { formatCount, formatNumber } from '../format/numbers.ts';
import { axisStyle, baseAxisStyle } from './axes.ts';
import { roundTicks } from './round-ticks.ts';
import { timeTicks } from './time-ticks.ts';

/** A bottom axis over the points of a window: in time when `times` has an entry for each, else in points. */
export function pointAxis(count: number, times: readonly number[] | undefined) {
  const position = (index: number) => times?.[index] ?? index;
  const clock = times && count > 0 ? timeTicks(position(0), position(count - 1)) : undefined;
  const points = roundTicks(0, count - 1, 8);
  return {
    position,
    option: {
      ...baseAxisStyle,
      type: 'value' as const,
      min: count > 0 ? position(0) : 0,
      max: count > 0 ? position(count - 1) : 1,
      ...(clock === undefined
        ? {
            axisTick: { show: false, customValues: points },
            axisLabel: { ...axisStyle.axisLabel, customValues: points, formatter: formatCount },
          }
        : {
            axisTick: { show: false, customValues: clock.ticks },
            axisLabel: { ...axisStyle.axisLabel, customValues: clock.ticks, formatter: clock.label },
          }),
    },
  };
}

/** The value axis of a window, with its unit above. */
export function unitAxis(unit: string | undefined) {
  return {
    ...axisStyle,
    type: 'value' as const,
    scale: true,
    splitNumber: 3,
    name: unit ?? '',
    nameTextStyle: { ...axisStyle.nameTextStyle, align: 'left' as const, padding: [0, 0, 0, -50] },
    axisLabel: { ...axisStyle.axisLabel, formatter: (value: number) => formatNumber(value) },
  };
}
