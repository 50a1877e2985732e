/** Something that takes bytes from strangers. */
export interface FuzzTarget {
  readonly name: string;
  /** Valid inputs, to be changed. */
  readonly seeds: readonly Uint8Array[];
  /** Words of the format, to be put together in any order and into the seeds. */
  readonly words: readonly string[];
  /** Reads as its users do. */
  read(bytes: Uint8Array): Promise<unknown>;
  /** Throws unless `value`, which `read` gave for `bytes`, is one that may leave the reader. */
  check(value: unknown, bytes: Uint8Array): void;
}

const encoder = new TextEncoder();

/** A text as the bytes of a file. */
export function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}
