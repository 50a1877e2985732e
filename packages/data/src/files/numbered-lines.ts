import { checkKind } from '../csv/checked-text.ts';
import type { LineError } from './line-error.ts';
import { LINE_TOO_LONG, textLines } from './text-lines.ts';

/** A line without its end. */
export interface NumberedLine {
  /** Counted from 1. */
  readonly line: number;
  /** Without blanks around it. */
  readonly text: string;
  /** With them: in a table between tabs, a blank at the start is an empty first cell. */
  readonly whole: string;
}

/**
 * The lines of a text file that are neither blank nor comments, after checking that it is text; memory is bounded by the
 * longest line.
 *
 * @param comment what a comment begins with, such as `#`; an empty text when the format has none.
 * @param fail makes the errors: `data/not-utf8`, `data/empty-file`, else its usual code.
 */
export async function* numberedLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  comment: string,
  fail: LineError,
): AsyncGenerator<NumberedLine> {
  let line = 0;
  let isEmpty = true;
  const tooLong = (at: number) => fail(at, LINE_TOO_LONG);
  for await (const raw of textLines(checkedChunks(chunks, fail), tooLong)) {
    const whole = ++line === 1 ? raw.replace(/^\ufeff/, '') : raw;
    const text = whole.trim();
    if (text === '') continue;
    isEmpty = false;
    if (comment === '' || !text.startsWith(comment)) yield { line, text, whole };
  }
  if (isEmpty) throw fail(undefined, 'is empty.', 'data/empty-file');
}

/** Passes bytes on, after checking that they are text and not another kind of file. */
export async function* checkedChunks(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  fail: LineError,
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst && chunk.length > 0) {
      checkKind(chunk, (code, problem) =>
        fail(undefined, problem, code === 'data/not-utf8' ? code : undefined),
      );
      isFirst = false;
    }
    if (chunk.includes(0)) throw fail(undefined, 'holds zero bytes; expected text.');
    yield chunk;
  }
}
