/** Blocks grow up to this many values, then stay so: a short column costs little, a long one is never copied while it grows. */
const LARGEST_BLOCK = 2 ** 16;
const SMALLEST_BLOCK = 16;

/** Values of a file of unknown length in blocks of typed arrays: no object per value, and nothing is moved to make room. */
export class GrowingColumn<T extends Float32Array | Float64Array | Int32Array> {
  #full: T[] = [];
  #block: T;
  #used = 0;
  #length = 0;
  readonly #allocate: (length: number) => T;

  constructor(allocate: (length: number) => T) {
    this.#allocate = allocate;
    this.#block = allocate(SMALLEST_BLOCK);
  }

  /** Number of values so far. */
  get length(): number {
    return this.#length;
  }

  append(value: number): void {
    if (this.#used === this.#block.length) {
      this.#full.push(this.#block);
      this.#block = this.#allocate(Math.min(LARGEST_BLOCK, this.#block.length * 2));
      this.#used = 0;
    }
    this.#block[this.#used++] = value;
    this.#length++;
  }

  /** The values so far, in an array of exactly their number. */
  toArray(): T {
    const exact = this.#allocate(this.#length);
    let offset = 0;
    for (const block of this.#full) {
      exact.set(block, offset);
      offset += block.length;
    }
    exact.set(this.#block.subarray(0, this.#used), offset);
    return exact;
  }

  /** As `toArray`; the column is empty afterwards, so that many columns are never in memory twice. */
  take(): T {
    const exact = this.toArray();
    this.#full = [];
    this.#block = this.#allocate(SMALLEST_BLOCK);
    this.#used = this.#length = 0;
    return exact;
  }
}
