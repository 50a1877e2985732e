import { oneLine } from './quote.ts';

/** No message needs more; one that lists what a hostile file holds must not fill a log. */
const LONGEST_MESSAGE = 10_000;

/**
 * Base of every error PatchBERT throws on purpose: the message says what was wrong, what was expected and
 * what to do, so an application prints it as it is, without a stack trace.
 *
 * A message is one line of printable text whatever names from files it quotes: line ends become spaces, terminal escapes and marks
 * that turn the direction of text are written as `\u202e`, and at most 10,000 characters are kept. It may name paths and values that the
 * caller gave; a server that answers strangers sends the code and keeps the message in its log.
 *
 * @example
 * throw new PatchBertError('data/empty-file', 'readCsv: "load.csv" is empty; expected a header and rows.');
 */
export class PatchBertError extends Error {
  /** Stable, machine-readable name: `<area>/<what-was-wrong>`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(oneLine(bounded(message).replace(/[\r\n]\s*/g, ' ')), options);
    this.name = 'PatchBertError';
    this.code = code;
  }
}

function bounded(message: string): string {
  const more = message.length - LONGEST_MESSAGE;
  return more > 0 ? `${message.slice(0, LONGEST_MESSAGE)}… (${more} more characters)` : message;
}
