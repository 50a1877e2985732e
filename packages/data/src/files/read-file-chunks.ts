import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { fileError, notAFile } from './file-error.ts';

/**
 * Streams a file to `read`, under its base name.
 *
 * @throws PatchBertError `data/missing-file`, `data/not-a-file`, `data/unreadable-file`; `data/file-changed` when it changes
 * while it is read.
 */
export async function readFileChunks<T>(
  where: string,
  path: string,
  read: (chunks: AsyncIterable<Uint8Array>, name: string) => Promise<T>,
): Promise<T> {
  const name = basename(path);
  const before = await fileStatus(where, path);
  if (before.isDirectory()) throw notAFile(where, path);
  const result = await read(readChunks(where, path), name);
  const after = await fileStatus(where, path);
  if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
    throw new PatchBertError(
      'data/file-changed',
      `${where}: ${JSON.stringify(name)} changed while it was read; read it again when it is complete.`,
    );
  }
  return result;
}

async function fileStatus(where: string, path: string) {
  try {
    return await stat(path);
  } catch (error) {
    throw fileError(where, path, error);
  }
}

async function* readChunks(where: string, path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: 256 * 1024 });
  } catch (error) {
    throw fileError(where, path, error);
  }
}
