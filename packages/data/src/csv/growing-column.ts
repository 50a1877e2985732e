/** A typed array that doubles as values come, so a file of unknown length costs no object per value. */
export class GrowingColumn<T extends Float32Array | Float64Array | Int32Array> {
  #length = 0;
  #values: T;
  readonly #allocate: (length: number) => T;

  constructor(allocate: (length: number) => T) {
    this.#allocate = allocate;
    this.#values = allocate(64);
  }

  append(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = this.#allocate(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  /** The values so far, in an array of exactly their number. */
  toArray(): T {
    const exact = this.#allocate(this.#length);
    exact.set(this.#values.subarray(0, this.#length));
    return exact;
  }
}
