/**
 * Passes the bytes of a text file on, after checking that they are UTF-8 text and not another kind of file.
 *
 * @param fail makes the error: `data/not-utf8` or `data/not-csv`.
 */
export async function* checkedText(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  fail: (code: string, problem: string) => Error,
): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (chunk?: Uint8Array): void => {
    try {
      decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw fail('data/not-utf8', 'is not UTF-8 text; save it as UTF-8.');
    }
  };
  let isFirst = true;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    if (isFirst) checkKind(chunk, fail);
    isFirst = false;
    if (chunk.includes(0)) {
      throw fail('data/not-csv', 'holds zero bytes; expected UTF-8 text.');
    }
    decode(chunk);
    yield chunk;
  }
  decode();
}

/** Refuses files of a known other kind by their first bytes. */
export function checkKind(chunk: Uint8Array, fail: (code: string, problem: string) => Error): void {
  const [a, b, c, d] = chunk;
  const start = String.fromCharCode(...chunk.subarray(0, 48))
    .trimStart()
    .toLowerCase();
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    throw fail('data/not-utf8', 'is UTF-16 text; save it as UTF-8.');
  }
  if (a === 0x1f && b === 0x8b) {
    throw fail('data/not-csv', 'is gzip-compressed; unpack it first.');
  }
  if (a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04) {
    throw fail('data/not-csv', 'is a zip archive or a spreadsheet; unpack it, or save the sheet as CSV.');
  }
  if (start.startsWith('<!doctype') || start.startsWith('<html')) {
    throw fail('data/not-csv', 'is a web page, perhaps the error page of a download; fetch the file again.');
  }
  if (start.startsWith('version https://git-lfs')) {
    throw fail('data/not-csv', 'is a Git LFS pointer, not the data; run "git lfs pull".');
  }
}
