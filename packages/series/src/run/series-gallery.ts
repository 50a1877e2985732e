import type { GalleryWindow } from '@patchbert/train';
import type { SeriesInputs } from '../input/series-inputs.ts';
import type { ScoredSeries } from './scored-series.ts';

/**
 * `gallery.json`: scored series with their reconstruction, in the user's units, for a plot. Goes through series and channels
 * alike; a channel without a hidden point is passed over.
 */
export function seriesGallery(
  scored: ScoredSeries,
  filled: readonly Float32Array[],
  inputs: SeriesInputs,
  count: number,
): GalleryWindow[] {
  const series = scored.series.length;
  return Array.from({ length: Math.min(count, series) }, (_, k) => k).flatMap((k) => {
    const s = Math.floor(((k + 0.5) * series) / Math.min(count, series));
    return galleryWindow(scored, filled[s]!, inputs, s, k % inputs.channels.length) ?? [];
  });
}

function galleryWindow(
  { series, original, masked, units }: ScoredSeries,
  filled: Float32Array,
  { channels, model }: SeriesInputs,
  s: number,
  c: number,
): GalleryWindow | undefined {
  const { length, values, visible } = original[s]!;
  const own = { values: series[s]!.values[c]!, id: series[s]!.id };
  // Padding beyond the end of the series is not drawn.
  const points = Math.min(length, Math.ceil(own.values.length / model.pooling));
  const at = Array.from({ length: points }, (_, point) => c * length + point);
  const seen = masked[s]!.visible;
  const isHidden = hiddenTimes(visible, seen, length, points);
  if (!at.some((i) => visible[i] && !seen[i])) return undefined;
  const { mean, deviation } = units[s]![c]!;
  const inUnits = (value: number) => value * deviation + mean;
  return {
    title: `series ${own.id}, ${channels[c]!}`,
    channel: channels[c]!,
    patchLength: model.patchLength,
    truth: at.map((i) => (visible[i] ? inUnits(values[i]!) : null)),
    masked: isHidden,
    reconstruction: at.map((i, point) => (isHidden[point] ? inUnits(filled[i]!) : null)),
  };
}

/** Cells are hidden in all channels at once; a channel's own gaps do not tell. */
function hiddenTimes(visible: Uint8Array, seen: Uint8Array, length: number, points: number): boolean[] {
  return Array.from({ length: points }, (_, point) => {
    for (let i = point; i < visible.length; i += length) if (visible[i] && !seen[i]) return true;
    return false;
  });
}
