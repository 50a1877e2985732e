/** One series may not take more: a file without line ends must not fill the memory. */
const LONGEST_LINE = 64 * 1024 * 1024;

/** What a line beyond the limit is told. */
export const LINE_TOO_LONG = 'is longer than 64 MiB; is it the right file?';

const [LINE_FEED, CARRIAGE_RETURN] = [10, 13];

/**
 * The lines of a text without their ends (LF, CRLF or a CR alone). Lines are UTF-8; one that is not is read as Windows-1252, in
 * which the comments of older archives are written.
 *
 * @param onTooLong makes the error for a line beyond 64 MiB.
 */
export async function* textLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onTooLong: (line: number) => Error,
): AsyncGenerator<string> {
  let parts: Uint8Array[] = [];
  let [size, line] = [0, 1];
  /** Whether the text so far ends with a CR, to which a LF may belong. */
  let afterReturn = false;
  for await (const chunk of chunks) {
    if (chunk.length === 0) continue;
    let start = afterReturn && chunk[0] === LINE_FEED ? 1 : 0;
    afterReturn = false;
    const nextEnd = lineEnds(chunk);
    for (let end = nextEnd(start); end >= 0; end = nextEnd(start)) {
      if (size + end - start > LONGEST_LINE) throw onTooLong(line);
      parts.push(chunk.subarray(start, end));
      yield decodeLine(parts);
      [parts, size, start] = [[], 0, end + 1];
      line++;
      if (chunk[end] !== CARRIAGE_RETURN) continue;
      if (start === chunk.length) afterReturn = true;
      else if (chunk[start] === LINE_FEED) start++;
    }
    if (start === chunk.length) continue;
    // A copy: a source may use its buffer again.
    parts.push(chunk.slice(start));
    size += chunk.length - start;
    if (size > LONGEST_LINE) throw onTooLong(line);
  }
  if (size > 0) yield decodeLine(parts);
}

/** Finds the next line end from a place on, for places that only go up; each byte is looked at once for each mark. */
function lineEnds(chunk: Uint8Array): (from: number) => number {
  const find = (mark: number, from: number): number => {
    const place = chunk.indexOf(mark, from);
    return place < 0 ? chunk.length : place;
  };
  let feed = find(LINE_FEED, 0);
  let carriage = find(CARRIAGE_RETURN, 0);
  return (from) => {
    if (feed < from) feed = find(LINE_FEED, from);
    if (carriage < from) carriage = find(CARRIAGE_RETURN, from);
    const end = Math.min(feed, carriage);
    return end === chunk.length ? -1 : end;
  };
}

function decodeLine(parts: readonly Uint8Array[]): string {
  const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
