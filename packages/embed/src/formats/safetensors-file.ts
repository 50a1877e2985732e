import {
  littleEndianBytes,
  type NumberArray,
  safetensorsHeader,
  type TensorPlan,
} from '@patchbert/safetensors';
import { type Embedding, vectorLayout } from '../run/embedding.ts';
import type { EmbeddingIndex } from '../windows/embedding-index.ts';

/** Windows whose index is made at a time. */
const INDEX_WINDOWS = 4096;

/**
 * A safetensors file, piece by piece: `embeddings` in the shape of `Embedding.shape`; `recording` `[windows]`, `first_row`,
 * `last_row` and, with times, `first_time`, `last_time` `[windows]`, for patches `[windows, patches]`. Names of recordings
 * and channels stand in the metadata, as JSON.
 */
export async function* safetensorsFile(embedding: Embedding): AsyncGenerator<Uint8Array, void, undefined> {
  const { windows, patches } = vectorLayout(embedding);
  const places = embedding.level === 'patch' ? [windows, patches] : [windows];
  const plans: [string, TensorPlan][] = [
    ['embeddings', { dtype: 'F32', shape: embedding.shape }],
    ['recording', { dtype: 'I32', shape: [windows] }],
    ['first_row', { dtype: 'I32', shape: places }],
    ['last_row', { dtype: 'I32', shape: places }],
  ];
  if (embedding.hasTimes) {
    plans.push(
      ['first_time', { dtype: 'F64', shape: places }],
      ['last_time', { dtype: 'F64', shape: places }],
    );
  }
  const { bytes, names } = safetensorsHeader(plans, {
    format: 'patchbert-embedding',
    ...embedding.facts,
    channels: JSON.stringify(embedding.channels),
    recordings: JSON.stringify(embedding.recordings),
  });
  yield bytes;
  for (const name of names) {
    if (name !== 'embeddings') {
      for (let first = 0; first < windows; first += INDEX_WINDOWS) {
        const index = embedding.index(first, Math.min(INDEX_WINDOWS, windows - first));
        yield littleEndianBytes(indexTensor(index, name));
      }
      continue;
    }
    for await (const { vectors } of embedding.batches()) yield littleEndianBytes(vectors);
  }
}

function indexTensor(index: EmbeddingIndex, name: string): NumberArray {
  const tensors: Readonly<Record<string, NumberArray | undefined>> = {
    recording: index.recording,
    first_row: index.firstRow,
    last_row: index.lastRow,
    first_time: index.firstTime,
    last_time: index.lastTime,
  };
  return tensors[name]!;
}
