import { columnNames } from '../csv/columns.ts';
import { csvError, showText } from '../csv/csv-place.ts';
import { FrameReader } from '../csv/frame-reader.ts';
import type { RecordReader } from '../csv/read-records.ts';
import { lineErrors } from '../files/line-error.ts';
import { findIdColumn } from '../long/id-name.ts';
import { canonicalLabel } from '../series/canonical-label.ts';
import { SeriesCollector } from '../series/series-collector.ts';
import type { SeriesSet } from '../series/series-set.ts';
import { firstIrregular } from '../times/first-irregular.ts';
import { showTime } from '../times/show-time.ts';
import { type AnswerColumns, answerColumns } from './answer-column.ts';
import type { ParsedLabelledCsvOptions } from './labelled-csv-options.ts';

/** What the rows of one series have in common. */
interface SeriesAnswer {
  readonly text: string;
  /** Of its first row. */
  readonly line: number;
}

/** What the header says. */
interface LabelledTable {
  readonly names: readonly string[];
  readonly id: number;
  /** -1 for none. */
  readonly answer: number;
  readonly columns: AnswerColumns;
  readonly values: FrameReader;
}

/** Turns the rows of a long table into series; lives as long as the file is read. */
export class LabelledTableReader implements RecordReader {
  readonly #file: string;
  readonly #options: ParsedLabelledCsvOptions;
  readonly #answers = new Map<string, SeriesAnswer>();
  #table: LabelledTable | undefined;

  constructor(file: string, options: ParsedLabelledCsvOptions) {
    this.#file = file;
    this.#options = options;
  }

  read(cells: readonly string[], line: number): void {
    if (this.#table === undefined) {
      if (cells.length === 1 && cells[0]!.trim() === '') return;
      this.#table = this.#begin(cells, line);
    } else if (cells.length > 1) this.#readAnswer(this.#table, cells, line);
    this.#table.values.read(cells, line);
  }

  finish(): SeriesSet {
    const table = this.#table;
    if (table === undefined) {
      throw csvError('data/empty-file', this.#file, {}, 'is empty; expected a header and rows of values.');
    }
    const { frame, segments } = table.values.finishPanel();
    const fail = lineErrors('readLabelledCsv', this.#file, 'data/bad-csv');
    const collector = new SeriesCollector(this.#file, fail, { target: table.columns.target });
    const kind = table.values.hasNumericTimes ? 'number' : 'date';
    for (const { id, start, end } of segments) {
      const { text, line } = this.#answers.get(id)!;
      const times = frame.times?.subarray(start, end);
      const irregular = times === undefined ? -1 : firstIrregular(times, kind);
      if (irregular > 0) {
        const show = (time: number) => (kind === 'date' ? showTime(time) : String(time));
        throw fail(
          line,
          `series ${showText(id)}, which begins here, goes from ${show(times![irregular - 1]!)} to ${show(times![irregular]!)}, unlike its other steps; expected points at equal steps. Add the rows that are missing, with empty values, or set timeColumn to false to take rows as they stand.`,
          'data/irregular-times',
        );
      }
      collector.reserve(line, frame.channels.length, end - start);
      const values = frame.columns.map((column) => column.subarray(start, end));
      collector.add(line, values, text, id);
    }
    return collector.finish(this.#file, frame.channels);
  }

  #begin(header: readonly string[], line: number): LabelledTable {
    const { idColumn, valueColumns, delimiter, missing, timeColumn } = this.#options;
    const names = columnNames(this.#file, line, header, true);
    const found = findIdColumn(names, idColumn);
    if ('problem' in found) throw csvError('data/unknown-channel', this.#file, {}, found.problem);
    const columns = answerColumns(this.#file, names, this.#options);
    if (columns.all.includes(found.name) || columns.all.some((name) => valueColumns?.includes(name))) {
      throw csvError(
        'data/bad-header',
        this.#file,
        {},
        `the labels or targets stand in ${columns.all.map(showText).join(' and ')}, which is also the id column or one of valueColumns; name different columns.`,
      );
    }
    const values = new FrameReader(this.#file, {
      delimiter,
      missing,
      header: true,
      timeOrder: 'any',
      numericTimes: true,
      ids: { column: found.name },
      beside: columns.all,
      ...(timeColumn !== undefined && { timeColumn }),
      ...(valueColumns && { channels: valueColumns }),
    });
    const answer = columns.column === undefined ? -1 : names.indexOf(columns.column);
    return { names, id: names.indexOf(found.name), answer, columns, values };
  }

  #readAnswer({ names, id, answer }: LabelledTable, cells: readonly string[], line: number): void {
    // Rows of another shape are refused where values are read.
    if (cells.length !== names.length) return;
    const name = cells[id]!.trim();
    const text = answer < 0 ? '' : canonicalLabel(cells[answer]!);
    const first = this.#answers.get(name);
    if (first === undefined) this.#answers.set(name, { text, line });
    else if (first.text !== text) {
      throw csvError(
        'data/label-changes',
        this.#file,
        { line, column: names[answer]! },
        `series ${showText(name)} has ${showText(text)} here and ${showText(first.text)} on line ${first.line}; expected the same in all its rows. Give different series different ids.`,
      );
    }
  }
}
