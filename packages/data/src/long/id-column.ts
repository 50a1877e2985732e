import { GrowingColumn } from '../csv/growing-column.ts';

/** The ids of the rows of a long table: each text once, and a number per row. */
export interface RowIds {
  /** In order of their first row. */
  readonly names: readonly string[];
  /** `[rows]`: index into `names`. */
  readonly codes: Int32Array;
}

/** Collects ids row by row; lives as long as the table is read. */
export class IdColumn {
  readonly #codes = new GrowingColumn((length) => new Int32Array(length));
  readonly #codeOf = new Map<string, number>();

  append(id: string): void {
    let code = this.#codeOf.get(id);
    if (code === undefined) {
      code = this.#codeOf.size;
      this.#codeOf.set(id, code);
    }
    this.#codes.append(code);
  }

  finish(): RowIds {
    return { names: [...this.#codeOf.keys()], codes: this.#codes.toArray() };
  }
}
