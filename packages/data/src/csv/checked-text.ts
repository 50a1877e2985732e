import { csvError } from './csv-place.ts';

/**
 * Passes the bytes of a text file on, after checking that they are UTF-8 text and not another kind of file.
 *
 * @throws PatchBertError `data/not-utf8` or `data/not-csv`.
 */
export async function* checkedText(
  file: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw csvError('data/not-utf8', file, {}, 'is not UTF-8 text; save it as UTF-8.');
    }
  };
  let isFirst = true;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (isFirst) checkKind(file, chunk);
    isFirst = false;
    if (chunk.includes(0)) {
      throw csvError('data/not-csv', file, {}, 'holds zero bytes; expected UTF-8 text.');
    }
    decode(chunk);
    yield chunk;
  }
  decode();
}

function checkKind(file: string, chunk: Uint8Array): void {
  const [a, b, c, d] = chunk;
  const start = String.fromCharCode(...chunk.subarray(0, 48))
    .trimStart()
    .toLowerCase();
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw csvError('data/not-utf8', file, {}, 'is UTF-16 text; save it as UTF-8.');
  }
  if (a === 0x1f && b === 0x8b) {
    throw csvError('data/not-csv', file, {}, 'is gzip-compressed; unpack it first.');
  }
  if (a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04) {
    throw csvError(
      'data/not-csv',
      file,
      {},
      'is a zip archive or a spreadsheet; unpack it, or save the sheet as CSV.',
    );
  }
  if (start.startsWith('<!doctype') || start.startsWith('<html')) {
    throw csvError(
      'data/not-csv',
      file,
      {},
      'is a web page, perhaps the error page of a download; fetch the file again.',
    );
  }
  if (start.startsWith('version https://git-lfs')) {
    throw csvError('data/not-csv', file, {}, 'is a Git LFS pointer, not the data; run "git lfs pull".');
  }
}
