import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { type Embedding, vectorLayout } from '../run/embedding.ts';
import { type EmbeddingRow, embeddingRows } from './embedding-rows.ts';

/** Numbers of the vectors of one row group, or more by one batch: what is in memory at a time. */
const GROUP_NUMBERS = 2 ** 20;

/**
 * A Parquet file, row group by row group: a row per vector with `id`, `channel`, `patch`, rows and times where there are such,
 * and `embedding`, a list of floats.
 */
export async function* parquetFile(embedding: Embedding): AsyncGenerator<Uint8Array, void, undefined> {
  const { width } = vectorLayout(embedding);
  const columns = columnsOf(embedding);
  const bytes = new ByteWriter();
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(({ schema }) => schema)],
    kvMetadata: Object.entries({ format: 'patchbert-embedding', ...embedding.facts }).map(([key, value]) => ({
      key,
      value,
    })),
    createdBy: 'patchbert',
  });
  const take = () => {
    const taken = bytes.getBytes().slice();
    // The offset goes on: it is the place in the file.
    bytes.index = 0;
    return taken;
  };
  let rows: EmbeddingRow[] = [];
  const write = () => {
    if (rows.length === 0) return;
    const columnData = columns.map(({ name, value, statistics }) => ({
      name,
      data: rows.map(value),
      statistics,
    }));
    writer.write({ columnData, rowGroupSize: rows.length });
    rows = [];
  };
  for await (const batch of embedding.batches()) {
    for (const row of embeddingRows(embedding, batch)) rows.push(row);
    if (rows.length * width < GROUP_NUMBERS) continue;
    write();
    yield take();
  }
  write();
  writer.finish();
  yield take();
}

type Schema = ConstructorParameters<typeof ParquetWriter>[0]['schema'];

interface ParquetColumn {
  readonly name: string;
  readonly schema: Schema;
  readonly statistics: boolean;
  readonly value: (row: EmbeddingRow) => unknown;
}

function columnsOf({ level, hasTimes }: Embedding): readonly ParquetColumn[] {
  const text = (name: string, value: ParquetColumn['value']): ParquetColumn => ({
    name,
    schema: [{ name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' }],
    statistics: true,
    value,
  });
  const whole = (name: string, value: ParquetColumn['value']): ParquetColumn => ({
    name,
    schema: [{ name, type: 'INT32', repetition_type: 'OPTIONAL' }],
    statistics: true,
    value,
  });
  const time = (name: string, value: (row: EmbeddingRow) => number | undefined): ParquetColumn => ({
    name,
    schema: [{ name, type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', repetition_type: 'OPTIONAL' }],
    statistics: true,
    value: (row) => {
      const found = value(row);
      return found === undefined ? undefined : new Date(found);
    },
  });
  return [
    text('id', ({ id }) => id),
    ...(level === 'window' ? [] : [text('channel', ({ channel }) => channel)]),
    ...(level === 'patch' ? [whole('patch', ({ patch }) => patch)] : []),
    whole('first_row', ({ firstRow }) => firstRow),
    whole('last_row', ({ lastRow }) => lastRow),
    ...(hasTimes
      ? [time('first_time', ({ firstTime }) => firstTime), time('last_time', ({ lastTime }) => lastTime)]
      : []),
    {
      name: 'embedding',
      schema: [
        { name: 'embedding', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', type: 'FLOAT', repetition_type: 'REQUIRED' },
      ],
      statistics: false,
      value: ({ vector }) => Array.from(vector),
    },
  ];
}
