import { PatchBertError, quote } from '@patchbert/errors';
import { isWellFormed } from './well-formed.ts';

/** What a safetensors header may hold: objects, arrays, strings and whole numbers. */
export type HeaderValue = string | number | readonly HeaderValue[] | ReadonlyMap<string, HeaderValue>;

const WHITESPACE = /[ \t\n\r]*/y;
const WHOLE_NUMBER = /(?:0|[1-9][0-9]*)(?![0-9.eE])/y;
/** The header, a tensor, its shape: three levels are all there is. */
const DEEPEST = 4;

/**
 * Parses header JSON more strictly than `JSON.parse`: objects become Maps, so no name touches a prototype; a repeated
 * key, a number other than a whole one below 2^53, `true`, `false` and `null` are errors.
 *
 * @throws PatchBertError `safetensors/bad-header`, `safetensors/duplicate-name`.
 */
export function parseHeaderJson(text: string): HeaderValue {
  let position = 0;

  function refuse(what: string): never {
    throw new PatchBertError(
      'safetensors/bad-header',
      `readSafetensors: the header is not valid at character ${position}: ${what}. The file is damaged or not safetensors.`,
    );
  }

  /** Moves past `pattern` and returns what it matched. */
  function take(pattern: RegExp): string | undefined {
    pattern.lastIndex = position;
    const match = pattern.exec(text)?.[0];
    if (match !== undefined) position += match.length;
    return match;
  }

  /** Moves past white space and then `character`; says whether it stood there. */
  function skip(character: string): boolean {
    take(WHITESPACE);
    if (text[position] !== character) return false;
    position++;
    return true;
  }

  function string(): string {
    if (!skip('"')) refuse('expected a string');
    const start = position - 1;
    // A loop, not a pattern: a name may be a megabyte long, too long for a regular expression's stack.
    while (text[position] !== '"') {
      if (position >= text.length) refuse('a string does not end');
      position += text[position] === '\\' ? 2 : 1;
    }
    position++;
    const value = decodeString(text.slice(start, position));
    return value ?? refuse('a string holds a control character, an unknown escape or half a surrogate pair');
  }

  function object(depth: number): ReadonlyMap<string, HeaderValue> {
    const entries = new Map<string, HeaderValue>();
    if (skip('}')) return entries;
    do {
      const key = string();
      if (entries.has(key)) {
        throw new PatchBertError(
          'safetensors/duplicate-name',
          `readSafetensors: the header names ${quote(key)} twice; every name must be unique. Write the file again.`,
        );
      }
      if (!skip(':')) refuse('expected ":"');
      entries.set(key, value(depth));
    } while (skip(','));
    return skip('}') ? entries : refuse('expected "," or "}"');
  }

  function array(depth: number): readonly HeaderValue[] {
    const items: HeaderValue[] = [];
    if (skip(']')) return items;
    do items.push(value(depth));
    while (skip(','));
    return skip(']') ? items : refuse('expected "," or "]"');
  }

  function wholeNumber(): number {
    const literal =
      take(WHOLE_NUMBER) ?? refuse('expected an object, an array, a string or a whole number >= 0');
    const number = Number(literal);
    return Number.isSafeInteger(number) ? number : refuse('a number is larger than 2^53 - 1');
  }

  function value(depth: number): HeaderValue {
    if (depth > DEEPEST) refuse('values are nested too deeply');
    if (skip('{')) return object(depth + 1);
    if (skip('[')) return array(depth + 1);
    return text[position] === '"' ? string() : wholeNumber();
  }

  const root = value(1);
  take(WHITESPACE);
  return position === text.length ? root : refuse('text follows the closing brace');
}

function decodeString(literal: string): string | undefined {
  try {
    const value: string = JSON.parse(literal);
    return isWellFormed(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
