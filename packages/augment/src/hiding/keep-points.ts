import type { SeriesPoints } from '../points/series-points.ts';

/** Copies to `out` the points that are visible and for which `kept` is 1; the others become 0 and not visible. */
export function keepPoints(
  { channels, length, values, visible }: SeriesPoints,
  kept: { readonly channels?: Uint8Array; readonly times?: Uint8Array },
  out: SeriesPoints,
): SeriesPoints {
  for (let c = 0; c < channels; c++) {
    const channelKept = kept.channels === undefined || kept.channels[c] === 1;
    for (let t = 0; t < length; t++) {
      const i = c * length + t;
      const seen = channelKept && visible[i] === 1 && (kept.times === undefined || kept.times[t] === 1);
      out.values[i] = seen ? values[i]! : 0;
      out.visible[i] = seen ? 1 : 0;
    }
  }
  return out;
}
