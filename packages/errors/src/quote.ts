const LONGEST_QUOTE = 80;

/** Characters that end a line, move a terminal's cursor or turn the direction of text, and that JSON leaves as they are. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/**
 * Text from outside, fit for a one-line message: in quotes, every character that does not print escaped, and cut to 80
 * characters when long. Any other value is shown as JSON, cut as well.
 *
 * @example
 * quote('a\nb'); // '"a\\nb"'
 * quote([1, null]); // '[1,null]'
 */
export function quote(value: unknown): string {
  if (typeof value === 'string') return oneLine(JSON.stringify(cut(value)));
  return oneLine(cut(JSON.stringify(value) ?? 'null'));
}

function cut(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/** The same text on one line: what would end it, or do more than print, is escaped as in JSON. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}
