import { type CsvColumn, formatCsv } from '@patchbert/data';
import { type Embedding, vectorLayout } from '../run/embedding.ts';
import { type EmbeddingRow, embeddingRows } from './embedding-rows.ts';

/** A line per vector: `id`, `channel`, `patch`, rows and times where there are such, then `f1`, `f2` and so on. */
export async function* csvTable(embedding: Embedding): AsyncGenerator<string, void, undefined> {
  const { width } = vectorLayout(embedding);
  let isFirst = true;
  for await (const batch of embedding.batches()) {
    const table = formatCsv(columnsOf(embedding, [...embeddingRows(embedding, batch)], width));
    yield isFirst ? table : withoutHeader(table);
    isFirst = false;
  }
}

function columnsOf(embedding: Embedding, rows: readonly EmbeddingRow[], width: number): CsvColumn[] {
  const { level, hasTimes } = embedding;
  const numbers = (name: string, value: (row: EmbeddingRow) => number | undefined) => ({
    name,
    numbers: rows.map((row) => value(row) ?? Number.NaN),
  });
  const times = (name: string, value: (row: EmbeddingRow) => number | undefined) => ({
    name,
    texts: rows.map((row) => {
      const time = value(row);
      return time === undefined ? '' : new Date(time).toISOString();
    }),
  });
  return [
    { name: 'id', texts: rows.map(({ id }) => id) },
    ...(level === 'window' ? [] : [{ name: 'channel', texts: rows.map(({ channel }) => channel!) }]),
    ...(level === 'patch' ? [numbers('patch', ({ patch }) => patch)] : []),
    numbers('first_row', ({ firstRow }) => firstRow),
    numbers('last_row', ({ lastRow }) => lastRow),
    ...(hasTimes
      ? [times('first_time', ({ firstTime }) => firstTime), times('last_time', ({ lastTime }) => lastTime)]
      : []),
    ...Array.from({ length: width }, (_, d) => ({
      name: `f${d + 1}`,
      numbers: Float32Array.from(rows, ({ vector }) => vector[d]!),
    })),
  ];
}

/** The names of the columns hold no line break. */
function withoutHeader(table: string): string {
  return table.slice(table.indexOf('\n') + 1);
}
