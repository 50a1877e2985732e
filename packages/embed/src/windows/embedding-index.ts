import type { Panel } from '@patchbert/data';
import type { PatchLayout } from '@patchbert/ops';
import type { EmbeddingWindows } from './embedding-windows.ts';

/**
 * Where some windows, one after the other, lie. `places` are the patches of a window for vectors of patches, else 1. Rows are
 * counted from the first of their recording; the last one belongs to the vector. A patch before the first row has the rows
 * -1 and the times NaN.
 */
export interface EmbeddingIndex {
  /** `[windows]`: which of `recordings`. */
  readonly recording: Int32Array;
  /** `[windows * places]`. */
  readonly firstRow: Int32Array;
  readonly lastRow: Int32Array;
  /** `[windows * places]`, milliseconds since 1970-01-01 UTC; where the data have times. */
  readonly firstTime?: Float64Array;
  readonly lastTime?: Float64Array;
}

export interface IndexOptions {
  readonly panel: Panel;
  readonly windows: EmbeddingWindows;
  readonly layout: PatchLayout;
  /** Whether patches have places of their own. */
  readonly byPatch: boolean;
}

/** The index of `count` windows from `first` on. */
export function embeddingIndex(
  { panel, windows, layout, byPatch }: IndexOptions,
  first: number,
  count: number,
): EmbeddingIndex {
  const { times } = panel.frame;
  const places = byPatch ? layout.patchCount : 1;
  const firstRow = new Int32Array(count * places);
  const lastRow = new Int32Array(count * places);
  const firstTime = times && new Float64Array(count * places);
  const lastTime = times && new Float64Array(count * places);
  for (let w = 0; w < count; w++) {
    const start = windows.start[first + w]!;
    const { start: offset } = panel.segments[windows.recording[first + w]!]!;
    for (let place = 0; place < places; place++) {
      const [from, to] = byPatch ? patchRows(layout, place) : [0, layout.contextLength - 1];
      const rows = clippedRows(start + from, start + to);
      const at = w * places + place;
      firstRow[at] = rows[0];
      lastRow[at] = rows[1];
      if (firstTime) firstTime[at] = rows[0] < 0 ? Number.NaN : times![offset + rows[0]]!;
      if (lastTime) lastTime[at] = rows[1] < 0 ? Number.NaN : times![offset + rows[1]]!;
    }
  }
  const recording = windows.recording.slice(first, first + count);
  return { recording, firstRow, lastRow, ...(firstTime && lastTime && { firstTime, lastTime }) };
}

/** First and last point of a patch in its window; padding of the layout is none. */
function patchRows(
  { dropped, padded, patchStride, patchLength }: PatchLayout,
  patch: number,
): readonly [number, number] {
  const from = dropped - padded + patch * patchStride;
  return [Math.max(0, from), from + patchLength - 1];
}

/** Rows before the recording do not exist. */
function clippedRows(first: number, last: number): readonly [number, number] {
  return last < 0 ? [-1, -1] : [Math.max(0, first), last];
}
