import type { Segment } from '@patchbert/data';

/** The windows of some recordings, in order: recording after recording, each from its first row on. */
export interface EmbeddingWindows {
  readonly count: number;
  /** `[count]`: which recording each lies in. */
  readonly recording: Int32Array;
  /** `[count]`: its first row, counted from the start of the recording; below 0 where the recording is shorter than a window. */
  readonly start: Int32Array;
}

/**
 * Where the windows of each recording lie: one every `stride` rows, and a last one that ends with the last row, so that every
 * row from the first window on is in one. A recording shorter than a window has one window: it ends with the recording, and
 * what is before the first row is missing.
 */
export function embeddingWindows(
  segments: readonly Segment[],
  length: number,
  stride: number,
): EmbeddingWindows {
  const counts = segments.map(({ start, end }) => windowsOf(end - start, length, stride));
  const count = counts.reduce((sum, one) => sum + one, 0);
  const recording = new Int32Array(count);
  const starts = new Int32Array(count);
  let next = 0;
  segments.forEach(({ start, end }, r) => {
    const latest = end - start - length;
    for (let w = 0; w < counts[r]!; w++) {
      recording[next] = r;
      starts[next++] = Math.min(w * stride, latest);
    }
  });
  return { count, recording, start: starts };
}

function windowsOf(rows: number, length: number, stride: number): number {
  return rows <= length ? 1 : Math.ceil((rows - length) / stride) + 1;
}
