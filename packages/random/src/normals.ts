import { checkedCount } from './checked-count.ts';
import { normalQuantile } from './normal-quantile.ts';
import { LARGEST_COUNT } from './random-uint32s.ts';
import type { RandomKey } from './threefry.ts';
import { writeThreefryBlock } from './threefry.ts';

/**
 * `count` standard normal numbers, the same bits on every platform: the normal quantile of a 52-bit
 * uniform number, computed with + - * / and square root alone. A longer draw begins with the shorter one.
 *
 * @throws PatchBertError `random/bad-count`.
 * @example
 * const positions = normals(deriveKey(randomKey(0), 'position'), 64).map((z) => 0.02 * z);
 */
export function normals(key: RandomKey, count: number): Float64Array {
  checkedCount('normals', count, 0, LARGEST_COUNT);
  const [key0, key1] = key;
  const block = new Uint32Array(2);
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    writeThreefryBlock(key0, key1, i, 0, block, 0);
    // Half a step off the grid: never 0 or 1, symmetric about 1/2, and exact in a double.
    numbers[i] = normalQuantile(((block[0]! >>> 6) * 2 ** 26 + (block[1]! >>> 6) + 0.5) * 2 ** -52);
  }
  return numbers;
}
