import { createFrame, type Frame, LATEST_TIME, MOST_ROWS } from '../frame/frame.ts';
import type { Panel } from '../frame/panel.ts';
import { groupRecordings } from '../long/group-recordings.ts';
import { IdColumn } from '../long/id-column.ts';
import { showTime } from '../times/show-time.ts';
import { type CsvColumns, chooseColumns, columnNames } from './columns.ts';
import type { TableOptions } from './csv-options.ts';
import { csvError, showText } from './csv-place.ts';
import { GrowingColumn } from './growing-column.ts';
import { explainBadNumber, parseNumber } from './parse-number.ts';
import { parseTime } from './parse-time.ts';

/** Turns the rows of a CSV file into a frame, one at a time; lives as long as the file is read. */
export class FrameReader {
  readonly #file: string;
  readonly #options: TableOptions;
  readonly #missing: ReadonlySet<string>;
  /** Whether a text that stands for a missing value reads like a number, such as -9999. */
  readonly #missingNumbers: boolean;
  #names: readonly string[] | undefined;
  #columns: CsvColumns | undefined;
  #values: GrowingColumn<Float32Array>[] = [];
  #present: number[] = [];
  readonly #ids = new IdColumn();
  /** Of a long table: the line of each row, to name duplicates. */
  readonly #lines = new GrowingColumn((length) => new Float64Array(length));
  readonly #times = new GrowingColumn((length) => new Float64Array(length));
  #lastTime = Number.NEGATIVE_INFINITY;
  #lastTimeText = '';
  #zoned: boolean | undefined;
  /** Whether times are plain numbers; undefined before the first. */
  #numericTimes: boolean | undefined;
  #blankLine: number | undefined;

  constructor(file: string, options: TableOptions) {
    this.#file = file;
    this.#options = options;
    this.#missing = new Set(options.missing.map((text) => text.trim()));
    this.#missingNumbers = [...this.#missing].some((text) => parseNumber(text) !== undefined);
  }

  /** Takes one record; `line` is the line it begins on, counted from 1. */
  read(cells: readonly string[], line: number): void {
    const isBlank = cells.length === 1 && cells[0]!.trim() === '';
    if (isBlank && this.#names?.length !== 1) return;
    if (isBlank) {
      this.#blankLine ??= line;
      return;
    }
    if (this.#names === undefined) {
      this.#names = columnNames(this.#file, line, cells, this.#options.header);
      if (this.#options.header) return;
    }
    this.#checkShape(this.#names, cells, line);
    this.#columns ??= this.#begin(this.#names, cells);
    if (this.#values[0]!.length >= MOST_ROWS) {
      throw csvError(
        'data/too-large',
        this.#file,
        { line },
        `is row ${MOST_ROWS + 1} of values; a table may have ${MOST_ROWS.toLocaleString('en')}. Split the file.`,
      );
    }
    if (this.#columns.id >= 0) this.#readId(this.#columns, cells, line);
    if (this.#columns.time >= 0) this.#readTime(this.#columns, cells, line);
    this.#readValues(this.#columns, cells, line);
  }

  /** The frame of all rows read. */
  finish(): Frame {
    if (this.#names === undefined) {
      throw csvError('data/empty-file', this.#file, {}, 'is empty; expected a header and rows of values.');
    }
    const columns = this.#columns;
    if (columns === undefined) {
      throw csvError('data/empty-file', this.#file, {}, 'has a header but no rows of values.');
    }
    const channels = columns.channels.map((index) => columns.names[index]!);
    const silent = this.#present.indexOf(0);
    if (silent >= 0) {
      throw csvError(
        'data/empty-channel',
        this.#file,
        { column: channels[silent]! },
        'has no value at all; leave it out by naming the others in channels.',
      );
    }
    const time = columns.time >= 0 ? columns.names[columns.time] : undefined;
    return createFrame({
      name: this.#file,
      channels,
      columns: this.#values.map((values) => values.take()),
      ...(time === undefined ? {} : { times: this.#times.take(), timeColumn: time }),
    });
  }

  /** Whether the times read are plain numbers. */
  get hasNumericTimes(): boolean {
    return this.#numericTimes === true;
  }

  /** The recordings of all rows read, of a long table. */
  finishPanel(): Panel {
    const table = this.finish();
    return groupRecordings(table, this.#ids.finish(), ({ id, time, rows }) => {
      const lines = this.#lines.toArray();
      return csvError(
        'data/duplicate-times',
        this.#file,
        {},
        `lines ${lines[rows[0]]} and ${lines[rows[1]]} are both of series ${showText(id)} at ${this.#numericTimes ? time : showTime(time)}; expected one row per series and time. Remove one of them.`,
      );
    });
  }

  #begin(names: readonly string[], cells: readonly string[]): CsvColumns {
    const columns = chooseColumns(this.#file, names, cells, this.#options);
    this.#values = columns.channels.map(() => new GrowingColumn((length) => new Float32Array(length)));
    this.#present = columns.channels.map(() => 0);
    return columns;
  }

  #checkShape(names: readonly string[], cells: readonly string[], line: number): void {
    if (this.#blankLine !== undefined) {
      throw csvError(
        'data/ragged-row',
        this.#file,
        { line: this.#blankLine },
        'is blank; in a file of one column write NA for a missing value, or remove the line.',
      );
    }
    if (cells.length !== names.length) {
      const source = this.#options.header ? 'the header' : 'the first line';
      throw csvError(
        'data/ragged-row',
        this.#file,
        { line },
        `has ${cells.length} values; ${source} has ${names.length}. Every line needs the same number.`,
      );
    }
  }

  #readId(columns: CsvColumns, cells: readonly string[], line: number): void {
    const id = cells[columns.id]!.trim();
    if (id === '') {
      const place = { line, column: columns.names[columns.id]! };
      throw csvError('data/missing-id', this.#file, place, 'the id is empty; every row needs one.');
    }
    this.#ids.append(id);
    this.#lines.append(line);
  }

  #readTime(columns: CsvColumns, cells: readonly string[], line: number): void {
    const text = cells[columns.time]!.trim();
    const fail = (code: string, problem: string) =>
      csvError(code, this.#file, { line, column: columns.names[columns.time]! }, problem);
    const number = this.#options.numericTimes ? parseNumber(text) : undefined;
    const isNumber = number !== undefined;
    if (isNumber && Math.abs(number) > LATEST_TIME) {
      throw fail(
        'data/bad-time',
        `${showText(text)} is beyond ${LATEST_TIME}; write times in a larger unit.`,
      );
    }
    const parsed = isNumber ? { time: number, zoned: false } : parseTime(text);
    if (parsed !== undefined && isNumber !== (this.#numericTimes ?? isNumber)) {
      const [found, before] = isNumber ? ['number', 'time stamp'] : ['time stamp', 'number'];
      throw fail(
        'data/bad-time',
        `${showText(text)} is a ${found}, the row before has a ${before}; write all alike.`,
      );
    }
    if (parsed !== undefined) this.#numericTimes = isNumber;
    if (parsed === undefined) {
      throw fail(
        'data/bad-time',
        `${showText(text)} is not a time stamp; ${this.#explainBadTime(columns, cells, text)}`,
      );
    }
    if (this.#zoned !== undefined && this.#zoned !== parsed.zoned) {
      throw fail(
        'data/bad-time',
        `${showText(text)} ${parsed.zoned ? 'names' : 'lacks'} a zone, unlike the line before; write all alike.`,
      );
    }
    if (this.#options.timeOrder === 'ascending' && parsed.time <= this.#lastTime) {
      const relation = parsed.time === this.#lastTime ? 'repeats' : 'is earlier than';
      throw fail(
        'data/time-order',
        `${showText(text)} ${relation} ${showText(this.#lastTimeText)} of the row before; sort the file and remove repeats, or set timeOrder to "any" to keep rows as they stand.`,
      );
    }
    this.#zoned = parsed.zoned;
    this.#lastTime = parsed.time;
    this.#lastTimeText = text;
    this.#times.append(parsed.time);
  }

  #readValues(columns: CsvColumns, cells: readonly string[], line: number): void {
    const { channels } = columns;
    for (let c = 0; c < channels.length; c++) {
      const cell = cells[channels[c]!]!;
      // Numbers first, as nearly every cell is one.
      let value = this.#missingNumbers ? undefined : parseNumber(cell);
      if (value === undefined) {
        const text = cell.trim();
        value = this.#missing.has(text) ? Number.NaN : parseNumber(text);
        if (value === undefined) throw this.#badNumber(columns, c, cells, text, line);
      }
      if (!Number.isNaN(value)) this.#present[c]!++;
      this.#values[c]!.append(value);
    }
  }

  #badNumber(columns: CsvColumns, c: number, cells: readonly string[], text: string, line: number): Error {
    const column = columns.names[columns.channels[c]!]!;
    const fail = (problem: string) => csvError('data/bad-number', this.#file, { line, column }, problem);
    if (this.#options.header && cells.every((cell, index) => cell.trim() === columns.names[index])) {
      return fail('the header comes again; remove this line (were files joined?).');
    }
    if (parseTime(text) !== undefined) {
      return fail(
        `${showText(text)} is a time stamp; set timeColumn to ${showText(column)}, or leave the column out by naming the others in channels.`,
      );
    }
    const explanation = explainBadNumber(text, this.#options.delimiter);
    if (explanation !== 'is not a number') return fail(`${showText(text)} ${explanation}.`);
    if (!this.#options.header && line === 1) {
      return fail(
        `${showText(text)} is not a number; if the first line names the columns, set header to true.`,
      );
    }
    return fail(
      `${showText(text)} is not a number; correct it, list it in missing, or leave the column out by naming the others in channels.`,
    );
  }

  #explainBadTime(columns: CsvColumns, cells: readonly string[], text: string): string {
    if (cells.every((cell, index) => cell.trim() === columns.names[index])) {
      return 'the header comes again: remove this line (were files joined?).';
    }
    if (parseNumber(text) !== undefined) {
      return 'write it like 2016-07-01 00:15:00, or set timeColumn to false to read the column as numbers.';
    }
    return 'write it like 2016-07-01 00:15:00 or 2016-07-01T00:15:00Z.';
  }
}
