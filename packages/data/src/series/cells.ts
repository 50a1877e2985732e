/** Stands for any run of blanks between cells. */
export const BLANKS = 'blanks';

/**
 * Hands over the texts between marks one by one, so that a long line is never in memory as a list of its cells.
 *
 * @param mark the character between cells, or `BLANKS`.
 * @param start where the first cell begins.
 * @param take `index` counts from 0.
 */
export function eachCell(
  text: string,
  mark: string,
  start: number,
  take: (cell: string, index: number) => void,
): void {
  eachPlace(text, mark, start, (from, to, index) => take(text.slice(from, to), index));
}

/** Number of cells from `start` on. */
export function countCells(text: string, mark: string, start: number): number {
  let count = 0;
  eachPlace(text, mark, start, () => {
    count++;
  });
  return count;
}

/** Where the cell that begins at `from` ends: before the next mark, or with the text. */
export function endOfCell(text: string, mark: string, from: number): number {
  if (mark !== BLANKS) {
    const end = text.indexOf(mark, from);
    return end < 0 ? text.length : end;
  }
  let end = from;
  while (end < text.length && !isBlank(text.charCodeAt(end))) end++;
  return end;
}

/** Where the cell after one that ends at `end` begins; beyond the text when that was the last. */
export function nextCell(text: string, mark: string, end: number): number {
  if (end === text.length || mark !== BLANKS) return end + 1;
  let next = end;
  while (next < text.length && isBlank(text.charCodeAt(next))) next++;
  return next;
}

function eachPlace(
  text: string,
  mark: string,
  start: number,
  take: (from: number, to: number, index: number) => void,
): void {
  let index = 0;
  for (let from = start; from <= text.length; index++) {
    const to = endOfCell(text, mark, from);
    take(from, to, index);
    from = nextCell(text, mark, to);
  }
}

/** Space, tab and other control characters; no-break space. */
function isBlank(code: number): boolean {
  return code <= 0x20 || code === 0xa0;
}
