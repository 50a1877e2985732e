/** One series may not take more: a file without line ends must not fill the memory. */
const LONGEST_LINE = 256 * 1024 * 1024;

/**
 * The lines of a text without their ends (LF or CRLF). Lines are UTF-8; one that is not is read as Windows-1252, in which
 * the comments of older archives are written.
 *
 * @param onTooLong makes the error for a line beyond 256 MiB.
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onTooLong: (line: number) => Error,
): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let [size, line] = [0, 1];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      yield decodeLine(parts);
      [parts, size, start] = [[], 0, end + 1];
      line++;
    }
    // A copy: a source may use its buffer again.
    parts.push(chunk.slice(start));
    size += chunk.length - start;
    if (size > LONGEST_LINE) throw onTooLong(line);
  }
  if (size > 0) yield decodeLine(parts);
}

function decodeLine(parts: readonly Uint8Array[]): string {
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  const text = decode(bytes);
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
