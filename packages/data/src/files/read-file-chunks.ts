import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { fileError } from './file-error.ts';
import { whileUnchanged } from './while-unchanged.ts';

/**
 * Streams a file to `read`, under its base name.
 *
 * @throws PatchBertError as `whileUnchanged`.
 */
export function readFileChunks<T>(
  where: string,
  path: string,
  read: (chunks: AsyncIterable<Uint8Array>, name: string) => Promise<T>,
): Promise<T> {
  return whileUnchanged(where, path, () => read(readChunks(where, path), basename(path)));
}

async function* readChunks(where: string, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    throw fileError(where, path, error);
  }
}
