import { formatCount } from '@patchbert/command-line';
import { type Embedding, embeddingText, writeEmbedding } from '@patchbert/embed';
import { interrupted } from '../run/interrupted.ts';
import type { Session } from '../run/session.ts';
import type { EmbeddingTarget } from './embedding-target.ts';

/** Writes vectors where they go as they are computed; shows what is done, and stops between two batches when interrupted. */
export async function writeVectors(
  embedding: Embedding,
  { path, format }: EmbeddingTarget,
  session: Session,
): Promise<void> {
  const rest = path === undefined ? 'the output is not whole.' : 'nothing was written.';
  // From here on a signal has something to clean up.
  session.interrupt.begin();
  const shown = watched(embedding, session, rest);
  if (path !== undefined) {
    await writeEmbedding(path, shown, { format });
    session.onEvent({ type: 'stage', text: `[${embedding.shape.map(formatCount).join(', ')}] in ${path}` });
    session.closeProgress();
    return;
  }
  for await (const text of embeddingText(shown, format)) {
    session.closeProgress();
    session.stdout.write(text);
  }
}

function watched(embedding: Embedding, { interrupt, onEvent }: Session, rest: string): Embedding {
  return {
    ...embedding,
    async *batches() {
      for await (const batch of embedding.batches()) {
        if (interrupt.signal.aborted) throw interrupted(rest);
        yield batch;
        const done = batch.firstWindow + batch.windows;
        onEvent({ type: 'progress', what: 'windows', done, total: embedding.shape[0]! });
      }
    },
  };
}
