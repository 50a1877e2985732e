import { PatchBertError } from '@patchbert/errors';
import type { EmbeddedWindows, Embedding } from './embedding.ts';

/** 4 GiB of vectors; more belong in a file. */
const MOST_NUMBERS = 2 ** 30;

/**
 * Computes all vectors into memory.
 *
 * @throws PatchBertError `embed/too-many` for more than 2^30 numbers.
 * @example
 * const { shape, vectors, index } = await collectEmbedding(embedder.embed(panel, { level: 'window' }));
 */
export async function collectEmbedding(embedding: Embedding): Promise<EmbeddedWindows> {
  const { shape, recordings, channels } = embedding;
  const size = shape.reduce((product, one) => product * one, 1);
  if (size > MOST_NUMBERS) {
    throw new PatchBertError(
      'embed/too-many',
      `embed: [${shape.join(', ')}] are more than ${MOST_NUMBERS} numbers; read them batch by batch, write them to a file, or use a larger stride or another level.`,
    );
  }
  const vectors = new Float32Array(size);
  const perWindow = size / shape[0]!;
  for await (const batch of embedding.batches()) vectors.set(batch.vectors, batch.firstWindow * perWindow);
  return { shape, recordings, channels, vectors, index: embedding.index() };
}
