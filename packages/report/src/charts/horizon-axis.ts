import { axisStyle, baseAxisStyle } from './axes.ts';

/** A bottom axis over the steps of a horizon, from step 1 to the last. */
export function horizonAxis(steps: number) {
  const customValues = stepTicks(steps);
  return {
    ...baseAxisStyle,
    type: 'value' as const,
    name: 'step of the horizon',
    nameLocation: 'middle' as const,
    nameGap: 26,
    min: 1,
    max: Math.max(2, steps),
    axisTick: { show: false, customValues },
    axisLabel: { ...axisStyle.axisLabel, customValues },
  };
}

/** The first step, round steps between, and the last. */
function stepTicks(steps: number): number[] {
  if (steps < 2) return [1, 2].slice(0, Math.max(1, steps));
  const stride =
    [1, 2, 4, 6, 12, 24, 48, 72, 96, 120, 240, 480].find((candidate) => steps / candidate <= 8) ??
    Math.ceil(steps / 8);
  const ticks = [1];
  for (let tick = stride; tick < steps - stride / 2; tick += stride)
    if (tick > 1 + stride / 3) ticks.push(tick);
  return [...ticks, steps];
}
