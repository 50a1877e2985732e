/**
 * Base of every error PatchBERT throws on purpose: the message says what was wrong, what was expected and
 * what to do, so an application prints it as it is, without a stack trace.
 *
 * @example
 * throw new PatchBertError('data/empty-file', 'readCsv: "load.csv" is empty; expected a header and rows.');
 */
export class PatchBertError extends Error {
  /** Stable, machine-readable name: `<area>/<what-was-wrong>`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PatchBertError';
    this.code = code;
  }
}
