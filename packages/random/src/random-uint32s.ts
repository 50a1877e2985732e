import { checkedCount } from './checked-count.ts';
import type { RandomKey } from './threefry.ts';
import { writeThreefryBlock } from './threefry.ts';

/** Longest typed array that every engine we run on can hold. */
export const LARGEST_COUNT = 2 ** 32 - 1;

const WORD = 2 ** 32;

/**
 * The first `count` words of the stream of `key`, uniform over all 32-bit values; a longer draw begins
 * with the shorter one.
 *
 * @throws PatchBertError `random/bad-count`.
 * @example
 * const words = randomUint32s(randomKey(0), 4); // Uint32Array [4]
 */
export function randomUint32s(key: RandomKey, count: number): Uint32Array {
  checkedCount('randomUint32s', count, 0, LARGEST_COUNT);
  const words = new Uint32Array(count);
  const even = count - (count % 2);
  writeRandomWords(key, 0, words.subarray(0, even));
  if (even < count) {
    const last = new Uint32Array(2);
    writeRandomWords(key, even / 2, last);
    words[even] = last[0]!;
  }
  return words;
}

/** Fills `out` (an even number of words) with the stream of `key` from block `firstBlock` on. */
function writeRandomWords(key: RandomKey, firstBlock: number, out: Uint32Array): void {
  const [key0, key1] = key;
  let block = firstBlock;
  for (let i = 0; i < out.length; i += 2) {
    writeThreefryBlock(key0, key1, block, Math.floor(block / WORD), out, i);
    block++;
  }
}

/**
 * Calls for one word after another of the stream of `key`, for draws of unknown number (rejection).
 *
 * @example
 * const next = wordStream(randomKey(0));
 * const first = next(); // equals randomUint32s(randomKey(0), 1)[0]
 */
export function wordStream(key: RandomKey): () => number {
  const buffer = new Uint32Array(32);
  let position = buffer.length;
  let block = 0;
  return () => {
    if (position === buffer.length) {
      writeRandomWords(key, block, buffer);
      block += buffer.length / 2;
      position = 0;
    }
    return buffer[position++]!;
  };
}
