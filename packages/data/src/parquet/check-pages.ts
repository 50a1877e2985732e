import type { AsyncBuffer, ColumnMetaData, FileMetaData } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';

/** A page that claims to be larger is not unpacked: a few bytes can promise any size. */
const LARGEST_PAGE = 512 * 1024 * 1024;

/** Most headers fit; one with long statistics is read again, whole. */
const HEADER_BYTES = 4096;

/**
 * Walks over the page headers of the columns to be read, before anything is decoded: the decoder trusts their sizes and
 * counts, and would not come back from some that are wrong.
 *
 * @throws Error for pages that leave their column, are too large, or do not hold as many values as the rows.
 */
export async function checkPages(
  file: AsyncBuffer,
  { row_groups: groups }: FileMetaData,
  columns: readonly string[],
): Promise<void> {
  for (const { columns: chunks, num_rows: rows } of groups) {
    for (const { meta_data: chunk } of chunks) {
      if (chunk === undefined) throw new Error('a column has no metadata');
      if (columns.includes(chunk.path_in_schema[0]!)) await checkChunk(file, chunk, Number(rows));
    }
  }
}

async function checkChunk(file: AsyncBuffer, chunk: ColumnMetaData, rows: number): Promise<void> {
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
      levels[0] + levels[1] <= packed;
    if (!isSound) throw new Error('the sizes of a page are wrong');
    values += count;
    offset = next;
  }
  if (values !== rows) throw new Error(`a column holds ${values} values for ${rows} rows`);
}

async function readHeader(file: AsyncBuffer, offset: number, end: number) {
  for (const limit of [offset + HEADER_BYTES, end]) {
    const bytes = await file.slice(offset, Math.min(limit, end));
    const reader = { view: new DataView(bytes), offset: 0 };
    try {
      const header = deserializeTCompactProtocol(reader);
      return { length: reader.offset, header };
    } catch (error) {
      if (limit >= end) throw error;
    }
  }
  throw new Error('a page has no header');
}
