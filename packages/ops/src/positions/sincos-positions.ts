import { PatchBertError } from '@patchbert/errors';

/** Options of `sincosPositions`. */
export interface SincosOptions {
  /** Subtract the mean of the whole table and divide by ten times its standard deviation; default true. */
  readonly normalised?: boolean;
}

/**
 * A fixed table of positions: `sin(t / 10000^(2k/D))` in even columns, the cosine in odd ones.
 *
 * Vaswani et al., 2017. Normalised as PatchTST does (sample standard deviation), which brings the table near
 * the size of freshly initialised embeddings.
 *
 * @param rows number of positions, t = 0 ... rows-1.
 * @param width D, even.
 * @returns `[rows, width]`, row-major.
 * @throws PatchBertError `ops/odd-width`, `ops/bad-size`.
 * @example
 * const table = sincosPositions(42, 64);
 */
export function sincosPositions(rows: number, width: number, options: SincosOptions = {}): Float32Array {
  if (!Number.isSafeInteger(rows) || rows < 1 || !Number.isSafeInteger(width) || width < 1) {
    throw new PatchBertError(
      'ops/bad-size',
      `sincosPositions: ${rows} rows of width ${width} are not a table; expected positive whole numbers.`,
    );
  }
  if (width % 2 !== 0) {
    throw new PatchBertError(
      'ops/odd-width',
      `sincosPositions: width ${width} is odd, but sines and cosines come in pairs; use an even width.`,
    );
  }
  const table = new Float64Array(rows * width);
  for (let column = 0; column < width; column += 2) {
    const frequency = 1 / 10000 ** (column / width);
    for (let t = 0; t < rows; t++) {
      table[t * width + column] = Math.sin(t * frequency);
      table[t * width + column + 1] = Math.cos(t * frequency);
    }
  }
  if (options.normalised ?? true) normaliseTable(table);
  return Float32Array.from(table);
}

function normaliseTable(table: Float64Array): void {
  const mean = table.reduce((sum, x) => sum + x, 0) / table.length;
  const squares = table.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  const divisor = 10 * Math.sqrt(squares / (table.length - 1));
  for (let i = 0; i < table.length; i++) table[i] = (table[i]! - mean) / divisor;
}
