import { checkedCount } from './checked-count.ts';
import { LARGEST_COUNT } from './random-uint32s.ts';
import type { RandomKey } from './threefry.ts';
import { writeThreefryBlock } from './threefry.ts';

/**
 * `count` numbers uniform on [0, 1) with 53 random bits each (one block per number); a longer draw begins
 * with the shorter one.
 *
 * @throws PatchBertError `random/bad-count`.
 * @example
 * const keep = uniforms(randomKey(0), 1000).map((u) => (u < 0.9 ? 1 : 0));
 */
export function uniforms(key: RandomKey, count: number): Float64Array {
  checkedCount('uniforms', count, 0, LARGEST_COUNT);
  const [key0, key1] = key;
  const block = new Uint32Array(2);
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    writeThreefryBlock(key0, key1, i, 0, block, 0);
    numbers[i] = ((block[0]! >>> 5) * 2 ** 26 + (block[1]! >>> 6)) * 2 ** -53;
  }
  return numbers;
}
