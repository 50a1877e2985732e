/** Node refuses to read 2 GiB at once. */
const LARGEST_READ = 2 ** 30;

/** Bytes that can be read piece by piece: a file on a disk, a file that a user chose in a page, ranges of anything else. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /** The bytes from `begin` up to `end`, fewer where the source ends before. */
  read(begin: number, end: number): Promise<Uint8Array>;
}

/** What `fileSource` needs of a `FileHandle` of `node:fs/promises`; structural, so that this package loads nothing of Node. */
export interface ReadableFile {
  stat(): Promise<{ readonly size: number }>;
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
}

/**
 * A `Blob` as a source, such as the `File` of an `<input type="file">`.
 *
 * @example
 * const { tensors, read } = await openSafetensors(blobSource(input.files[0]));
 */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (begin, end) => new Uint8Array(await blob.slice(begin, end).arrayBuffer()),
  };
}

/**
 * A file of Node as a source. It stays the caller's: close it when nothing more is read.
 *
 * @example
 * const file = await open('model.safetensors');
 * const { read } = await openSafetensors(await fileSource(file));
 */
export async function fileSource(file: ReadableFile): Promise<ByteSource> {
  const { size } = await file.stat();
  return {
    size,
    async read(begin, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - begin));
      let filled = 0;
      // A system may give less than it was asked for.
      while (filled < bytes.length) {
        const length = Math.min(bytes.length - filled, LARGEST_READ);
        const { bytesRead } = await file.read(bytes, filled, length, begin + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return bytes.subarray(0, filled);
    },
  };
}
