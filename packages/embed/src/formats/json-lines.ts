import type { Embedding } from '../run/embedding.ts';
import { embeddingRows } from './embedding-rows.ts';

/** An object per vector and line; what is not known is left out, a number that is not there is `null`. */
export async function* jsonLines(embedding: Embedding): AsyncGenerator<string, void, undefined> {
  for await (const batch of embedding.batches()) {
    let text = '';
    for (const { id, channel, patch, firstRow, lastRow, firstTime, lastTime, vector } of embeddingRows(
      embedding,
      batch,
    )) {
      text += `${JSON.stringify({
        id,
        channel,
        patch,
        first_row: firstRow,
        last_row: lastRow,
        first_time: isoTime(firstTime),
        last_time: isoTime(lastTime),
        embedding: Array.from(vector, (value) => (Number.isNaN(value) ? null : shortest(value))),
      })}\n`;
    }
    yield text;
  }
}

function isoTime(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** The shortest decimal that is the same float32. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}
