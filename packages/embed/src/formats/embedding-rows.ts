import { type Embedding, type EmbeddingBatch, vectorLayout } from '../run/embedding.ts';

/** One vector and where it comes from. */
export interface EmbeddingRow {
  /** Id of the recording. */
  readonly id: string;
  /** Undefined for vectors of windows. */
  readonly channel: string | undefined;
  /** Undefined but for vectors of patches. */
  readonly patch: number | undefined;
  /** Undefined for a patch before the first row. */
  readonly firstRow: number | undefined;
  readonly lastRow: number | undefined;
  /** Milliseconds since 1970-01-01 UTC; undefined without times too. */
  readonly firstTime: number | undefined;
  readonly lastTime: number | undefined;
  /** A view. */
  readonly vector: Float32Array;
}

/** The vectors of a batch one by one, in their order. */
export function* embeddingRows(
  embedding: Embedding,
  { firstWindow, windows, vectors }: EmbeddingBatch,
): Generator<EmbeddingRow, void, undefined> {
  const { channels, patches, width } = vectorLayout(embedding);
  const { recording, firstRow, lastRow, firstTime, lastTime } = embedding.index(firstWindow, windows);
  const time = (times: Float64Array | undefined, at: number) =>
    times === undefined || Number.isNaN(times[at]) ? undefined : times[at];
  let from = 0;
  for (let w = 0; w < windows; w++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < patches; p++) {
        const at = w * patches + p;
        const exists = lastRow[at]! >= 0;
        yield {
          id: embedding.recordings[recording[w]!]!,
          channel: embedding.level === 'window' ? undefined : embedding.channels[c]!,
          patch: embedding.level === 'patch' ? p : undefined,
          firstRow: exists ? firstRow[at] : undefined,
          lastRow: exists ? lastRow[at] : undefined,
          firstTime: time(firstTime, at),
          lastTime: time(lastTime, at),
          vector: vectors.subarray(from, from + width),
        };
        from += width;
      }
    }
  }
}
