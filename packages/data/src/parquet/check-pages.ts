import { type AsyncBuffer, type ColumnMetaData, type FileMetaData, parquetSchema } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import { checkPage } from './check-page.ts';
import { checkThrift } from './check-thrift.ts';

/** A page that claims to be larger is not unpacked: a few bytes can promise any size. */
const LARGEST_PAGE = 512 * 1024 * 1024;

/** Most headers fit; one with long statistics is read again, whole. */
const HEADER_BYTES = 4096;

/**
 * Walks over the pages of the columns to be read, before anything is decoded: the decoder trusts their sizes, counts and run
 * lengths, and would not come back from some that are wrong.
 *
 * @throws Error for pages that leave their column, are too large, or do not hold as many values as the rows.
 */
export async function checkPages(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
): Promise<void> {
  const optional = new Set(
    parquetSchema(metadata).children.flatMap(({ element }) =>
      element.repetition_type === 'REQUIRED' ? [] : [element.name],
    ),
  );
  for (const { columns: chunks, num_rows: rows } of metadata.row_groups) {
    for (const { meta_data: chunk } of chunks) {
      if (chunk === undefined) throw new Error('a column has no metadata');
      const name = chunk.path_in_schema[0]!;
      if (columns.includes(name)) await checkChunk(file, chunk, Number(rows), optional.has(name));
    }
  }
}

async function checkChunk(
  file: AsyncBuffer,
  chunk: ColumnMetaData,
  rows: number,
  optional: boolean,
): Promise<void> {
  const first = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
  const end = first + Number(chunk.total_compressed_size);
  let values = 0;
  for (let offset = first; values < rows; ) {
    const { length, header } = await readHeader(file, offset, end);
    const [unpacked, packed] = [header.field_2, header.field_3];
    const [page, page2] = [header.field_5, header.field_8];
    const count = page?.field_1 ?? page2?.field_1 ?? 0;
    // Of the second version: nulls, rows, and the bytes of both kinds of levels, which come before the values.
    const [nulls, pageRows, ...levels] = page2
      ? [page2.field_2, page2.field_3, page2.field_5, page2.field_6]
      : [0, count, 0, 0];
    const dictionary = header.field_7?.field_1 ?? 0;
    const next = offset + length + packed;
    const isSound =
      [unpacked, packed, count, nulls, dictionary, ...levels].every(
        (size) => Number.isSafeInteger(size) && size >= 0,
      ) &&
      [
        unpacked <= LARGEST_PAGE,
        next <= end,
        nulls <= count,
        pageRows === count,
        dictionary <= unpacked,
      ].every(Boolean) &&
      levels[0] + levels[1] <= Math.min(packed, unpacked) &&
      levels[1] === 0;
    if (!isSound) throw new Error('the sizes of a page are wrong');
    values += count;
    if (values > rows) break;
    if (page !== undefined || page2 !== undefined) {
      const bytes = new Uint8Array(await file.slice(offset + length, next));
      checkPage(bytes, {
        version: page === undefined ? 2 : 1,
        count,
        nulls,
        levelBytes: levels[0],
        isPacked: page2?.field_7 !== false,
        encoding: page?.field_2 ?? page2?.field_4,
        unpacked,
        optional,
        chunk,
      });
    }
    offset = next;
  }
  if (values !== rows) throw new Error(`a column holds ${values} values for ${rows} rows`);
}

async function readHeader(file: AsyncBuffer, offset: number, end: number) {
  for (const limit of [offset + HEADER_BYTES, end]) {
    const bytes = await file.slice(offset, Math.min(limit, end));
    const reader = { view: new DataView(bytes), offset: 0 };
    try {
      checkThrift(reader.view, 0);
      const header = deserializeTCompactProtocol(reader);
      return { length: reader.offset, header };
    } catch (error) {
      if (limit >= end) throw error;
    }
  }
  throw new Error('a page has no header');
}
