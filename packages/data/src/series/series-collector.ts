import { didYouMean } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { parseNumber } from '../csv/parse-number.ts';
import type { LineError } from '../files/line-error.ts';
import { listNames } from '../frame/select-channels.ts';
import { canonicalLabel, isMissingLabel } from './canonical-label.ts';
import { createSeriesSet, type Series, type SeriesSet } from './series-set.ts';
import type { TargetKind } from './target-kind.ts';

/** 1 GiB of values: padded and sparse files may hold many more than their bytes let expect. */
const MOST_VALUES = 2 ** 28;

/** More typed arrays than these take more memory than the values they hold. */
const MOST_ARRAYS = 2 ** 23;

/** A series may not have more channels. */
export const MOST_CHANNELS = 65_536;

interface Answers {
  readonly target: TargetKind;
  /** What the header lists; a label that is not in it is an error. */
  readonly declaredClasses?: readonly string[];
}

/** Takes the series of a file one by one; lives as long as the file is read. */
export class SeriesCollector {
  readonly #file: string;
  readonly #fail: LineError;
  readonly #target: TargetKind;
  readonly #declared: readonly string[] | undefined;
  readonly #declaredSet: ReadonlySet<string>;
  readonly #series: Series[] = [];
  readonly #lines: number[] = [];
  readonly #labels: string[] = [];
  readonly #targets: number[] = [];
  #values = 0;
  #arrays = 0;

  constructor(file: string, fail: LineError, { target, declaredClasses }: Answers) {
    this.#file = file;
    this.#fail = fail;
    this.#target = target;
    this.#declared = declaredClasses && [...new Set(declaredClasses.map(canonicalLabel))];
    this.#declaredSet = new Set(this.#declared);
  }

  get size(): number {
    return this.#series.length;
  }

  /** Makes room for a series of the next line; to be called before its values are allocated. */
  reserve(line: number, channels: number, length: number): void {
    this.#values += channels * length;
    this.#arrays += channels;
    if (this.#arrays > MOST_ARRAYS) {
      throw this.#fail(
        line,
        `brings the file to more than ${MOST_ARRAYS.toLocaleString('en')} channels of all series together; split the file.`,
        'data/too-large',
      );
    }
    if (this.#values <= MOST_VALUES) return;
    throw this.#fail(
      line,
      `brings the file to more than ${MOST_VALUES.toLocaleString('en')} values (missing ones included); split the file.`,
      'data/too-large',
    );
  }

  /** Takes a series; `answer` is the text of its label or number, `id` by default its number, counted from 1. */
  add(
    line: number,
    values: readonly Float32Array[],
    answer: string,
    id = String(this.#series.length + 1),
  ): void {
    this.#checkLine(line, values);
    this.#takeAnswer(line, answer);
    this.#lines.push(line);
    this.#series.push({ id, values });
  }

  /** The set of all series taken; a single channel is named `value`, several `channel 1`, `channel 2`, ... */
  finish(name: string, channels?: readonly string[]): SeriesSet {
    if (this.#series.length === 0) {
      throw this.#fail(undefined, 'has no series; is it complete?', 'data/empty-file');
    }
    const count = this.#series[0]!.values.length;
    return createSeriesSet({
      name,
      channels:
        channels ?? (count === 1 ? ['value'] : Array.from({ length: count }, (_, c) => `channel ${c + 1}`)),
      series: this.#series,
      ...(this.#target === 'label' && { labels: this.#labels }),
      ...(this.#target === 'value' && { targets: Float64Array.from(this.#targets) }),
      ...(this.#declared && { declaredClasses: this.#declared }),
      origin: { file: this.#file, lines: this.#lines },
    });
  }

  #checkLine(line: number, values: readonly Float32Array[]): void {
    const first = this.#series[0]?.values.length ?? values.length;
    if (values.length !== first) {
      throw this.#fail(
        line,
        `has ${values.length} channels, line ${this.#lines[0]} has ${first}; every series needs the same channels.`,
        'data/uneven-channels',
      );
    }
    const length = values[0]?.length ?? 0;
    if (values.every((channel) => channel.every(Number.isNaN))) {
      const problem =
        length === 0 ? 'the series has no point' : 'the series has no value, every point is missing';
      throw this.#fail(
        line,
        `${problem}; leave it out.`,
        length === 0 ? 'data/empty-series' : 'data/all-missing-series',
      );
    }
    if (length === 1) {
      throw this.#fail(
        line,
        'the series has a single point; expected at least 2. Leave it out.',
        'data/short-series',
      );
    }
  }

  #takeAnswer(line: number, text: string): void {
    if (this.#target === 'none') return;
    if (isMissingLabel(text)) {
      const what = this.#target === 'label' ? 'label' : 'target value';
      throw this.#fail(
        line,
        `has no ${what}; every series needs one. To predict series without, read them with target "none".`,
        'data/missing-label',
      );
    }
    if (this.#target === 'label') this.#labels.push(this.#label(line, text));
    else this.#targets.push(this.#value(line, text));
  }

  #label(line: number, text: string): string {
    const label = canonicalLabel(text);
    if (this.#declared === undefined || this.#declaredSet.has(label)) return label;
    throw this.#fail(
      line,
      `the label ${showText(label)} is not in the header, which lists ${listNames(this.#declared)}.${didYouMean(label.slice(0, 200), this.#declared)}`,
      'data/unknown-label',
    );
  }

  #value(line: number, text: string): number {
    const value = parseNumber(text.trim());
    if (value !== undefined) return value;
    throw this.#fail(
      line,
      `the target ${showText(text)} is not a number; if these are classes, read the file with target "label".`,
      'data/bad-number',
    );
  }
}
