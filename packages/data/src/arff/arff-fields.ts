/** A field of a line of an `.arff` file, without its quotes. */
export interface ArffField {
  readonly text: string;
  readonly quoted: boolean;
}

/** Fields between commas, or what is wrong with the line, as a clause. */
export type ArffFields = { readonly fields: readonly ArffField[] } | { readonly problem: string };

/**
 * Splits a text at its commas. A field may be quoted with ' or "; in it commas count for nothing and a backslash escapes
 * (`\n` is a line end). Linear in the length of the text.
 *
 * @param most more fields are not looked at: the list then has one more than this.
 */
export function splitArff(text: string, most: number): ArffFields {
  const fields: ArffField[] = [];
  let place = 0;
  while (true) {
    const read = readField(text, place);
    if ('problem' in read) return { problem: `field ${fields.length + 1} ${read.problem}` };
    fields.push(read.field);
    if (read.end >= text.length || fields.length > most) return { fields };
    place = read.end + 1;
  }
}

/** The field that begins at `start`; `end` is the place of the comma behind it, or the end of the text. */
export function readField(
  text: string,
  start: number,
): { readonly field: ArffField; readonly end: number } | { readonly problem: string } {
  const place = skipBlanks(text, start);
  const quote = text[place];
  if (quote !== "'" && quote !== '"') {
    const comma = text.indexOf(',', place);
    const end = comma < 0 ? text.length : comma;
    return { field: { text: text.slice(place, end).trimEnd(), quoted: false }, end };
  }
  const close = closingQuote(text, place + 1, quote);
  if (close < 0) return { problem: 'opens a quote that is never closed' };
  const end = skipBlanks(text, close + 1);
  if (end < text.length && text[end] !== ',') return { problem: 'has more than a comma behind its quotes' };
  return { field: { text: unescaped(text.slice(place + 1, close)), quoted: true }, end };
}

/** The place of the first `quote` from `from` on that no backslash stands before; -1 for none. */
export function closingQuote(text: string, from: number, quote: string): number {
  let skipped = from;
  for (let end = text.indexOf(quote, from); end >= 0; end = text.indexOf(quote, end + 1)) {
    let backslashes = 0;
    while (end - 1 - backslashes >= skipped && text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end;
    skipped = end + 1;
  }
  return -1;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

export function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(.)/gs, (_, escaped: string) => ESCAPES.get(escaped) ?? escaped);
}

function skipBlanks(text: string, from: number): number {
  let place = from;
  while (text[place] === ' ' || text[place] === '\t') place++;
  return place;
}
