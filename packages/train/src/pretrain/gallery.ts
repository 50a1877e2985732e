import type { PredictedBatch } from './evaluate.ts';
import { toUserUnits } from './fill-series.ts';
import type { PreparedPretraining } from './prepare.ts';

/** One validation window with its reconstruction, in the user's units, for a plot. */
export interface GalleryWindow {
  readonly title: string;
  readonly channel: string;
  readonly patchLength: number;
  /** Milliseconds since 1970, UTC, one per point. */
  readonly times?: readonly number[];
  /** `null` = missing. */
  readonly truth: readonly (number | null)[];
  /** Whether the point lies in a hidden patch. */
  readonly masked: readonly boolean[];
  /** `null` outside hidden patches. */
  readonly reconstruction: readonly (number | null)[];
}

/** Picks `count` windows, going through channels and time alike; series with nothing to score are passed over. */
export function galleryWindows(
  prepared: PreparedPretraining,
  predicted: readonly PredictedBatch[],
  count: number,
): GalleryWindow[] {
  const { plan, validation } = prepared;
  const channelCount = plan.frame.channels.length;
  const windows = validation.series / channelCount;
  const chosen: GalleryWindow[] = [];
  const taken = new Set<number>();
  for (let k = 0; k < count; k++) {
    const window = Math.floor(((k + 0.5) * windows) / count);
    const series = window * channelCount + (k % channelCount);
    if (taken.has(series)) continue;
    taken.add(series);
    const drawn = galleryWindow(prepared, predicted, series);
    if (drawn) chosen.push(drawn);
  }
  return chosen;
}

function galleryWindow(
  { panel, plan, sampler }: PreparedPretraining,
  predicted: readonly PredictedBatch[],
  series: number,
): GalleryWindow | undefined {
  const { frame, layout } = plan;
  const { batch, prediction } = predicted[Math.floor(series / sampler.seriesPerBatch)]!;
  const s = series % sampler.seriesPerBatch;
  const points = layout.patchCount * layout.patchLength;
  const weights = batch.inputs.lossWeight!.data.subarray(s * points, (s + 1) * points);
  if (!weights.some((weight) => weight > 0)) return undefined;

  const { start, channel, segment } = batch.samples[s]!;
  const values = toUserUnits(batch, prediction).subarray(s * points, (s + 1) * points);
  const column = frame.columns[channel]!;
  // Points that `pad` put before the window belong to no row and are left out.
  const first = layout.padded;
  const rowOf = (point: number) => start + layout.dropped - layout.padded + point;
  const pointsShown = Array.from({ length: points - first }, (_, i) => first + i);
  const isMasked = (point: number) =>
    batch.masks[s * layout.patchCount + Math.floor(point / layout.patchLength)] === 1;
  const { times } = frame;
  const firstRow = rowOf(first);
  const recording = panel.segments[segment]!;
  const which = panel.segments.length > 1 ? `${recording.id}, ` : '';
  const when = times ? new Date(times[firstRow]!).toISOString() : `row ${firstRow - recording.start}`;
  return {
    title: `${which}${frame.channels[channel]!} from ${when}`,
    channel: frame.channels[channel]!,
    patchLength: layout.patchLength,
    ...(times && { times: pointsShown.map((point) => times[rowOf(point)]!) }),
    truth: pointsShown.map((point) => {
      const value = column[rowOf(point)]!;
      return Number.isNaN(value) ? null : value;
    }),
    masked: pointsShown.map(isMasked),
    reconstruction: pointsShown.map((point) => (isMasked(point) ? values[point]! : null)),
  };
}
