import type { SeriesPoints } from './series-points.ts';

/** Points up to and with the last one that is visible in any channel: the length of the series without its padding. */
export function pointExtent({ channels, length, visible }: SeriesPoints): number {
  let extent = 0;
  for (let c = 0; c < channels; c++) {
    const start = c * length;
    let t = length - 1;
    while (t >= extent && visible[start + t] !== 1) t--;
    if (t >= extent) extent = t + 1;
  }
  return extent;
}
