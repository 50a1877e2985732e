import { table } from './table.ts';

/**
 * `table` for a terminal: cells of the last two columns are broken between words, so that rows keep within `width`. Without a
 * width (a file, a pipe) every row stays one line, for programs that search it.
 */
export function wrappedTable(rows: readonly (readonly string[])[], width: number | undefined): string {
  if (width === undefined) return table(rows);
  const columns = rows[0]!.length;
  const widest = (column: number) => Math.max(...rows.map((row) => row[column]!.length));
  const kept = Array.from({ length: columns - 2 }, (_, column) => widest(column) + gap).reduce(
    (a, b) => a + b,
    0,
  );
  const free = Math.max(2 * leastWidth, width - 1 - kept - gap);
  const first = Math.min(
    widest(columns - 2),
    Math.max(leastWidth, free - widest(columns - 1), Math.floor(free * 0.45)),
  );
  const limits = [first, free - first];
  const lines = rows.flatMap((row) => {
    const cells = row.map((cell, column) => {
      const limit = limits[column - (columns - 2)];
      return limit === undefined ? [cell] : brokenLines(cell, limit);
    });
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
  });
  return table(lines);
}

/** Spaces between columns, as `table` has them. */
const gap = 3;

/** No column is narrower than that, even on a narrow terminal. */
const leastWidth = 16;

/** Breaks a text between words into lines of at most `width` characters; a longer word has a line of its own. */
export function brokenLines(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
