import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { fileError } from './file-error.ts';

/**
 * SHA-256 of a file as lower-case hex, read as a stream.
 *
 * @throws PatchBertError `data/missing-file`, `data/not-a-file` or `data/unreadable-file`.
 * @example
 * const sha256 = await hashFile('ETTh1.csv');
 */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch (error) {
    throw fileError('hashFile', path, error);
  }
  return hash.digest('hex');
}
