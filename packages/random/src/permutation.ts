import { boundedInteger } from './bounded-integer.ts';
import { checkedCount } from './checked-count.ts';
import { LARGEST_COUNT, wordStream } from './random-uint32s.ts';
import type { RandomKey } from './threefry.ts';

/**
 * The numbers 0 ... count-1 in random order, every order equally likely (Fisher-Yates with rejection).
 *
 * @throws PatchBertError `random/bad-count`.
 * @example
 * const order = permutation(randomKey(0), 10); // Uint32Array [10]
 */
export function permutation(key: RandomKey, count: number): Uint32Array {
  checkedCount('permutation', count, 0, LARGEST_COUNT);
  const nextWord = wordStream(key);
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  for (let i = count - 1; i > 0; i--) {
    const j = boundedInteger(nextWord, i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
