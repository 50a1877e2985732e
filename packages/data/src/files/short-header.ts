import type { LineError } from './line-error.ts';

/** Longer than any header of the archives: a line of a header may name tens of thousands of classes. */
const LONGEST_HEADER_LINE = 1024 * 1024;

/** Refuses a line of a header that no header has: what is read of a header is kept as texts, which takes far more than its bytes. */
export function requireShortHeader(fail: LineError, line: number, text: string): void {
  if (text.length <= LONGEST_HEADER_LINE) return;
  throw fail(line, 'is longer than 1 MiB; expected a shorter line before @data.', 'data/too-large');
}
