import { formatCount } from '../format/numbers.ts';
import { axisStyle, baseAxisStyle } from './axes.ts';

/** A bottom axis in training steps that spans the run. */
export function stepAxis(steps: readonly number[]) {
  const finite = steps.filter(Number.isFinite);
  const first = finite.reduce((low, step) => Math.min(low, step), Number.POSITIVE_INFINITY);
  const last = finite.reduce((high, step) => Math.max(high, step), Number.NEGATIVE_INFINITY);
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
