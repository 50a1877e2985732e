import { PatchBertError } from '@patchbert/errors';
import type { Embedding } from '../run/embedding.ts';
import { type EmbeddingFormat, embeddingFile, embeddingFormats, formatOfPath } from './embedding-format.ts';
import { requireNewFile, writeNewFile } from './new-file.ts';

export interface WriteEmbeddingOptions {
  /** Default: what the extension of the path says. */
  readonly format?: EmbeddingFormat | undefined;
}

/**
 * Computes the vectors and writes them to a new file as they come; memory does not grow with their number. The file is there as a
 * whole or not at all.
 *
 * @throws PatchBertError `embed/unknown-format`, `embed/output`.
 * @example
 * await writeEmbedding('vectors.parquet', embedder.embed(panel, { level: 'series' }));
 */
export async function writeEmbedding(
  path: string,
  embedding: Embedding,
  { format = formatOfPath(path) }: WriteEmbeddingOptions = {},
): Promise<void> {
  if (format === undefined || !embeddingFormats.includes(format)) {
    throw new PatchBertError(
      'embed/unknown-format',
      `writeEmbedding: ${format === undefined ? `the name "${path}" says no format` : `there is no format "${format}"`}; expected one of ${embeddingFormats.join(', ')}, as option or extension.`,
    );
  }
  await requireNewFile(path);
  await writeNewFile(path, embeddingFile(embedding, format));
}
