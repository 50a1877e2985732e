import { hashFile } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { FileOrigin, ResolvedFile } from './resolve-dataset.ts';

/** A file as it was read. */
export interface SourceFile {
  readonly name: string;
  readonly sha256: string;
  readonly origin: FileOrigin;
  /** Whether the hash is one of the known copies. */
  readonly known: boolean;
}

/** Hashes a file; one of this package or of the cache must be as it was stored. */
export async function describeFile(
  where: string,
  { name, path, origin, sha256: accepted }: Pick<ResolvedFile, 'name' | 'path' | 'origin' | 'sha256'>,
): Promise<SourceFile> {
  const sha256 = await hashFile(path);
  const known = accepted.includes(sha256);
  if (!known && (origin === 'cache' || origin === 'bundled')) {
    throw new PatchBertError(
      'datasets/wrong-hash',
      `${where}: ${JSON.stringify(path)} has changed since it was stored (SHA-256 ${sha256}); ${origin === 'cache' ? 'delete it to have it fetched again' : 'install @patchbert/datasets again'}.`,
    );
  }
  return { name, sha256, origin, known };
}
