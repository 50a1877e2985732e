import { quote } from './quote.ts';

/** Far above every file of ours; a value nested deeper would exhaust the stack of whatever walks through it. */
const DEEPEST = 100;

/** What an engine says of a syntax error may quote the text. */
const LONGEST_REASON = 120;

/**
 * Parses JSON that comes from outside, more strictly than `JSON.parse`: a key may stand only once in an object, and values nest at
 * most 100 levels deep. `__proto__` is a key like any other and touches no prototype.
 *
 * @param refuse makes the error to throw from what is wrong, such as `is not JSON: ...` or `names "width" twice`.
 * @example
 * const json = parseJson(text, (problem) => new PatchBertError('area/bad-file', `load: "${path}" ${problem}.`));
 */
export function parseJson(text: string, refuse: (problem: string) => Error): unknown {
  const { isTooDeep, repeated } = inspect(text);
  if (isTooDeep) throw refuse(`nests values more than ${DEEPEST} levels deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse(`is not JSON: ${(error as SyntaxError).message.slice(0, LONGEST_REASON)}`);
  }
  if (repeated !== undefined) throw refuse(`names ${quote(repeated)} twice in one object`);
  return value;
}

interface Inspection {
  readonly isTooDeep: boolean;
  /** The first key that stands twice in its object; meaningful where the text is JSON. */
  readonly repeated?: string;
}

function inspect(text: string): Inspection {
  /** The keys of each object that is open, nothing for a list. */
  const open: (Set<string> | undefined)[] = [];
  let repeated: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.push(character === '{' ? new Set() : undefined) > DEEPEST) return { isTooDeep: true };
    } else if (character === '}' || character === ']') {
      open.pop();
    } else if (character === '"') {
      const end = endOfString(text, at);
      const keys = open.at(-1);
      if (keys !== undefined && isKey(text, end)) {
        const key = decoded(text.slice(at, end));
        if (keys.has(key)) repeated ??= key;
        keys.add(key);
      }
      at = end - 1;
    }
  }
  return { isTooDeep: false, ...(repeated !== undefined && { repeated }) };
}

/** The place behind the quote that ends the string. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}

const COLON = /[ \t\n\r]*:/y;

function isKey(text: string, end: number): boolean {
  COLON.lastIndex = end;
  return COLON.test(text);
}

/** `"\u0061"` and `"a"` are one key. */
function decoded(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal;
  }
}
