/**
 * Puts `text` between the lines `<!-- <name>: begin` and `<!-- <name>: end` of a document.
 *
 * @throws Error for a document without them.
 */
export function replaceSection(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: begin`, `<!-- ${name}: end`].map((mark) => document.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin) {
    throw new Error(`the document has no lines "<!-- ${name}: begin -->" and "<!-- ${name}: end -->".`);
  }
  const after = document.indexOf('\n', begin) + 1;
  return `${document.slice(0, after)}\n${text}\n\n${document.slice(end)}`;
}
