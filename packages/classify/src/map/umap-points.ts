import { deriveKey, type RandomKey, uniforms } from '@patchbert/random';
import { UMAP } from 'umap-js';

const BLOCK = 8192;

/** A plane in which rows that are near each other stay near: UMAP with draws from `key`. */
export async function umapPoints(
  rows: number[][],
  { neighbours, key }: { neighbours: number; key: RandomKey },
): Promise<{ x: number; y: number }[]> {
  const umap = new UMAP({ nComponents: 2, nNeighbors: neighbours, random: drawFrom(deriveKey(key, 'umap')) });
  const places = await umap.fitAsync(rows);
  return places.map((place) => ({ x: place[0]!, y: place[1]! }));
}

/** The numbers of a key one after the other, in [0, 1). */
function drawFrom(key: RandomKey): () => number {
  let block: Float64Array = new Float64Array(0);
  let blocks = 0;
  let next = 0;
  return () => {
    if (next === block.length) {
      block = uniforms(deriveKey(key, blocks++), BLOCK);
      next = 0;
    }
    return block[next++]!;
  };
}
