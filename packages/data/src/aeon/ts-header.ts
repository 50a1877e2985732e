import { didYouMean } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import type { LineError } from '../files/line-error.ts';

/** What stands before `@data` in a `.ts` file. */
export interface TsHeader {
  readonly problemName?: string;
  readonly timeStamps?: boolean;
  readonly univariate?: boolean;
  readonly dimensions?: number;
  readonly equalLength?: boolean;
  /** Whether a class ends each line. */
  readonly classLabel?: boolean;
  readonly classes?: readonly string[];
  /** Whether a number ends each line. */
  readonly targetLabel?: boolean;
}

const TAGS = [
  '@problemName',
  '@timeStamps',
  '@missing',
  '@univariate',
  '@dimension',
  '@dimensions',
  '@equalLength',
  '@seriesLength',
  '@classLabel',
  '@targetLabel',
  '@data',
];

/** Collects the tags of a `.ts` file; lives as long as the header is read. */
export class TsHeaderReader {
  readonly #fail: LineError;
  readonly #seen = new Set<string>();
  #header: TsHeader = {};

  constructor(fail: LineError) {
    this.#fail = fail;
  }

  /** Takes one line such as `@classLabel true a b`; true at `@data`. */
  read(line: number, text: string): boolean {
    const [tag = '', ...words] = text.split(/\s+/);
    const known = TAGS.find((name) => name.toLowerCase() === tag.toLowerCase());
    if (known === undefined) {
      throw this.#fail(
        line,
        `the tag ${showText(tag)} is not known; expected ${TAGS.join(', ')}.${didYouMean(tag.slice(0, 200), TAGS)}`,
      );
    }
    const name = known === '@dimension' ? '@dimensions' : known;
    if (this.#seen.has(name)) throw this.#fail(line, `${name} comes twice; remove one of them.`);
    this.#seen.add(name);
    if (name === '@data') {
      if (words.length > 0) throw this.#fail(line, 'has values beside @data; write them on the next line.');
      return true;
    }
    this.#header = { ...this.#header, ...this.#parse(line, name, words) };
    return false;
  }

  /** The whole header, checked for contradictions. */
  finish(line: number): TsHeader {
    const { univariate, dimensions, classLabel, targetLabel } = this.#header;
    if (univariate === true && dimensions !== undefined && dimensions !== 1) {
      throw this.#fail(
        line,
        `the header says @univariate true and @dimensions ${dimensions}; correct one of them.`,
      );
    }
    if (classLabel && targetLabel) {
      throw this.#fail(
        line,
        'the header says that lines end with a class and with a number; set @classLabel or @targetLabel to false.',
      );
    }
    return this.#header;
  }

  #parse(line: number, tag: string, words: readonly string[]): TsHeader {
    switch (tag) {
      case '@problemName':
        return { problemName: words.join(' ') };
      case '@timeStamps':
        return { timeStamps: this.#flag(line, tag, words) };
      case '@univariate':
        return { univariate: this.#flag(line, tag, words) };
      case '@equalLength':
        return { equalLength: this.#flag(line, tag, words) };
      case '@targetLabel':
        return { targetLabel: this.#flag(line, tag, words) };
      case '@dimensions':
        return { dimensions: this.#count(line, tag, words) };
      case '@classLabel': {
        const [flag = '', ...classes] = words;
        const classLabel = this.#flag(line, tag, [flag]);
        if (!classLabel && classes.length > 0) {
          throw this.#fail(line, '@classLabel false lists classes; write true, or remove them.');
        }
        return { classLabel, ...(classes.length > 0 && { classes }) };
      }
      case '@seriesLength':
        this.#count(line, tag, words);
        return {};
      default:
        this.#flag(line, tag, words);
        return {};
    }
  }

  #flag(line: number, tag: string, words: readonly string[]): boolean {
    const word = words.join(' ').toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    throw this.#fail(line, `${tag} is ${showText(words.join(' '))}; expected true or false.`);
  }

  #count(line: number, tag: string, words: readonly string[]): number {
    const word = words.join(' ');
    const count = Number(word);
    if (/^\d+$/.test(word) && Number.isSafeInteger(count) && count > 0) return count;
    throw this.#fail(line, `${tag} is ${showText(word)}; expected a whole number, 1 or more.`);
  }
}
