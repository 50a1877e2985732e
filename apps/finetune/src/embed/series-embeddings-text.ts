import { formatCsv } from '@patchbert/data';

/** `[rows, columns]` numbers, row by row. */
export interface SeriesFeatures {
  readonly rows: number;
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

/** Embeddings as CSV: `id`, then `f1`, `f2` and so on. */
export function embeddingsCsv(ids: readonly string[], { rows, columns, values }: SeriesFeatures): string {
  return formatCsv([
    { name: 'id', texts: ids },
    ...Array.from({ length: columns }, (_, column) => ({
      name: `f${column + 1}`,
      numbers: Float32Array.from({ length: rows }, (_, row) => values[row * columns + column]!),
    })),
  ]);
}

/** Embeddings as JSON, a line per series. */
export function embeddingLines(ids: readonly string[], { columns, values }: SeriesFeatures): string {
  return ids
    .map((id, row) => {
      const embedding = Array.from({ length: columns }, (_, column) =>
        Number(values[row * columns + column]!.toPrecision(7)),
      );
      return `${JSON.stringify({ id, embedding })}\n`;
    })
    .join('');
}
