import { PatchBertError } from '@patchbert/errors';
import { checkedCount } from './checked-count.ts';
import { permutation } from './permutation.ts';
import type { RandomKey } from './threefry.ts';
import { writeThreefryBlock } from './threefry.ts';

/** Up to here a table is small and makes every order equally likely; a cipher of a few bits would not. */
const TABLE_LIMIT = 1024;
const ROUNDS = 6;
const LARGEST = 2 ** 52;

/**
 * A random bijection of 0 ... count-1 with random access and bounded memory: `order(i)` is the i-th of the
 * shuffled numbers, so an epoch over 2^52 windows can begin anywhere.
 *
 * Above 1024 numbers: a Feistel cipher on the next power of four with cycle walking (Black, Rogaway:
 * "Ciphers with arbitrary finite domains", CT-RSA 2002).
 *
 * @throws PatchBertError `random/bad-count` (count up to 2^52), and `random/bad-index` from the returned function.
 * @example
 * const order = indexPermutation(deriveKey(randomKey(0), 'order', 0), 1_000_000);
 * const firstWindow = order(0);
 */
export function indexPermutation(key: RandomKey, count: number): (index: number) => number {
  checkedCount('indexPermutation', count, 0, LARGEST);
  const encipher = count <= TABLE_LIMIT ? tableLookup(key, count) : feistel(key, count);
  return (index) => {
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new PatchBertError(
        'random/bad-index',
        `indexPermutation: index ${index} is outside the order; expected a whole number from 0 to ${count - 1}.`,
      );
    }
    let image = encipher(index);
    while (image >= count) image = encipher(image);
    return image;
  };
}

function tableLookup(key: RandomKey, count: number): (index: number) => number {
  const table = permutation(key, count);
  return (index) => table[index]!;
}

/** A keyed bijection of 0 ... 4^h - 1, where 4^h is the least power of four >= count. */
function feistel(key: RandomKey, count: number): (index: number) => number {
  const halfBits = Math.ceil(bitLength(count - 1) / 2);
  const side = 2 ** halfBits;
  const mask = side - 1;
  const [key0, key1] = key;
  const block = new Uint32Array(2);
  return (index) => {
    let left = Math.floor(index / side);
    let right = index % side;
    for (let round = 0; round < ROUNDS; round++) {
      writeThreefryBlock(key0, key1, right, round, block, 0);
      const mixed = left ^ (block[0]! & mask);
      left = right;
      right = mixed;
    }
    return left * side + right;
  };
}

function bitLength(value: number): number {
  let bits = 0;
  for (let rest = value; rest >= 1; rest = Math.floor(rest / 2)) bits++;
  return bits;
}
