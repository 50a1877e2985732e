import { didYouMean } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import type { LineError } from '../files/line-error.ts';
import { requireShortHeader } from '../files/short-header.ts';
import { BLANKS, endOfCell } from '../series/cells.ts';
import { closingQuote, splitArff, unescaped } from './arff-fields.ts';

/** One `@attribute` outside of a relation. */
export type ArffAttribute =
  | { readonly name: string; readonly kind: 'numeric' | 'string' }
  | { readonly name: string; readonly kind: 'nominal'; readonly classes: readonly string[] }
  /** A series of several channels; `length` attributes stand in it, one per point. */
  | { readonly name: string; readonly kind: 'relational'; readonly length: number };

export interface ArffHeader {
  readonly relation: string;
  readonly attributes: readonly ArffAttribute[];
}

/** What is kept of a header takes far more memory than its bytes. */
const MOST_ATTRIBUTES = 2 ** 20;
const MOST_CLASSES = 65_536;

const DECLARATIONS = ['@relation', '@attribute', '@end', '@data'];
const NUMERIC = ['numeric', 'real', 'integer'];
const TYPES = [...NUMERIC, 'string', 'relational'];

/** Collects the declarations of an `.arff` file; lives as long as the header is read. */
export class ArffHeaderReader {
  readonly #fail: LineError;
  readonly #attributes: ArffAttribute[] = [];
  #relation = '';
  #count = 0;
  /** The relational attribute that is open. */
  #open: { readonly name: string; readonly line: number; length: number } | undefined;

  constructor(fail: LineError) {
    this.#fail = fail;
  }

  /** Takes one declaration; true at `@data`. */
  read(line: number, text: string): boolean {
    requireShortHeader(this.#fail, line, text);
    const end = endOfCell(text, BLANKS, 0);
    const [word, rest] = [text.slice(0, end), text.slice(end).trimStart()];
    switch (word.toLowerCase()) {
      case '@relation':
        this.#relation = /^['"]/.test(rest) ? (nameOf(rest)?.name ?? rest) : rest;
        return false;
      case '@attribute':
        this.#attribute(line, rest);
        return false;
      case '@end':
        this.#end(line, rest);
        return false;
      case '@data':
        if (this.#open === undefined) return true;
        throw this.#fail(
          line,
          `@data stands inside the relational attribute ${showText(this.#open.name)} of line ${this.#open.line}; close it with @end ${this.#open.name} first.`,
        );
      default:
        throw this.#fail(
          line,
          `${showText(text)} is no declaration; expected ${DECLARATIONS.join(', ')}.${didYouMean(word.slice(0, 200), DECLARATIONS)}`,
        );
    }
  }

  finish(line: number): ArffHeader {
    if (this.#attributes.length === 0)
      throw this.#fail(line, 'no @attribute stands before @data; is the header complete?');
    return { relation: this.#relation, attributes: this.#attributes };
  }

  #attribute(line: number, rest: string): void {
    if (++this.#count > MOST_ATTRIBUTES) {
      throw this.#fail(
        line,
        `is attribute ${this.#count}; a file may have ${MOST_ATTRIBUTES.toLocaleString('en')}.`,
        'data/too-large',
      );
    }
    const named = nameOf(rest);
    if (named === undefined) {
      throw this.#fail(
        line,
        `${showText(`@attribute ${rest}`)} has no name and type; expected such as @attribute x numeric.`,
      );
    }
    const { name, type } = named;
    const word = type
      .slice(0, endOfCell(type, BLANKS, 0))
      .split('%', 1)[0]!
      .toLowerCase();
    if (this.#open !== undefined) {
      if (!NUMERIC.includes(word)) {
        throw this.#fail(
          line,
          `attribute ${showText(name)} of type ${showText(type)} stands inside the relational attribute ${showText(this.#open.name)} of line ${this.#open.line}; expected numeric ones up to @end ${this.#open.name}.`,
        );
      }
      this.#open.length++;
    } else if (type.startsWith('{')) {
      this.#attributes.push({ name, kind: 'nominal', classes: this.#classes(line, name, type) });
    } else if (NUMERIC.includes(word)) this.#attributes.push({ name, kind: 'numeric' });
    else if (word === 'string') this.#attributes.push({ name, kind: 'string' });
    else if (word === 'relational') this.#open = { name, line, length: 0 };
    else {
      throw this.#fail(
        line,
        `attribute ${showText(name)} has the type ${showText(type)}; expected ${TYPES.join(', ')}, or classes in braces.${didYouMean(word.slice(0, 200), TYPES)}`,
      );
    }
  }

  #end(line: number, rest: string): void {
    const open = this.#open;
    if (open === undefined)
      throw this.#fail(line, `@end ${rest} closes nothing; no relational attribute is open.`);
    const name = nameOf(`${rest} -`)?.name ?? rest;
    if (name !== open.name) {
      throw this.#fail(
        line,
        `@end ${showText(name)} stands inside the relational attribute ${showText(open.name)} of line ${open.line}; expected @end ${open.name}.`,
      );
    }
    if (open.length === 0)
      throw this.#fail(
        line,
        `the relational attribute ${showText(name)} has no attributes; expected one per point.`,
      );
    this.#attributes.push({ name, kind: 'relational', length: open.length });
    this.#open = undefined;
  }

  #classes(line: number, name: string, type: string): readonly string[] {
    const end = type.lastIndexOf('}');
    const split =
      end < 0 ? { problem: 'the braces are never closed' } : splitArff(type.slice(1, end), MOST_CLASSES);
    if ('problem' in split)
      throw this.#fail(line, `the classes of attribute ${showText(name)}: ${split.problem}.`);
    if (split.fields.length > MOST_CLASSES) {
      throw this.#fail(
        line,
        `attribute ${showText(name)} has more than ${MOST_CLASSES.toLocaleString('en')} classes; is it one?`,
        'data/too-large',
      );
    }
    return split.fields.map(({ text }) => text);
  }
}

/** A name, quoted or not, and what stands after it. */
function nameOf(text: string): { readonly name: string; readonly type: string } | undefined {
  const quote = text[0];
  if (quote === "'" || quote === '"') {
    const end = closingQuote(text, 1, quote);
    return end < 0 ? undefined : { name: unescaped(text.slice(1, end)), type: text.slice(end + 1).trim() };
  }
  const brace = text.indexOf('{');
  const end = Math.min(endOfCell(text, BLANKS, 0), brace < 0 ? text.length : brace);
  const [name, type] = [text.slice(0, end), text.slice(end).trimStart()];
  return name === '' || type === '' ? undefined : { name, type };
}
