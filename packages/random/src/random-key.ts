import { PatchBertError } from '@patchbert/errors';
import { type RandomKey, writeThreefryBlock } from './threefry.ts';

/**
 * Streams count blocks below 2^53, so the counter's top byte is free to keep the uses of a key apart:
 * 0 numbers drawn from it, and one value each for what is folded into it.
 */
const SEED_DOMAIN = 1 << 24;
const NUMBER_DOMAIN = 2 << 24;
const STRING_DOMAIN = 3 << 24;
const TEXT_DOMAIN = 4 << 24;
/** Sign of a folded number; its magnitude needs 53 bits: the low word and 21 bits of the high word. */
const NEGATIVE = 1 << 23;
const WORD = 2 ** 32;

/**
 * The key of a user's seed; seed 0 is a seed like any other.
 *
 * @param seed a safe integer >= 0.
 * @throws PatchBertError `random/bad-seed`.
 * @example
 * const key = randomKey(7);
 */
export function randomKey(seed: number): RandomKey {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new PatchBertError(
      'random/bad-seed',
      `randomKey: seed ${seed} is not usable; expected a whole number from 0 to 2^53 - 1.`,
    );
  }
  const block = new Uint32Array(2);
  writeThreefryBlock(0, 0, seed % WORD, Math.floor(seed / WORD) | SEED_DOMAIN, block, 0);
  return [block[0]!, block[1]!];
}

/**
 * The key of one purpose under `key`, such as `deriveKey(key, 'mask', step, sampleId, channel)`.
 * Folding is sequential, so `deriveKey(deriveKey(key, 'a'), 1)` equals `deriveKey(key, 'a', 1)`;
 * `1` and `'1'` give different keys.
 *
 * @param path strings and safe integers, in order.
 * @throws PatchBertError `random/bad-path` for a number that is not a safe integer.
 * @example
 * const weights = deriveKey(randomKey(0), 'weights', 'encoder.embedding.weight');
 */
export function deriveKey(key: RandomKey, ...path: readonly (string | number)[]): RandomKey {
  const state = Uint32Array.of(key[0], key[1]);
  for (const part of path) {
    if (typeof part === 'string') foldString(state, part);
    else foldNumber(state, part);
  }
  return [state[0]!, state[1]!];
}

function foldNumber(state: Uint32Array, part: number): void {
  if (!Number.isSafeInteger(part)) {
    throw new PatchBertError(
      'random/bad-path',
      `deriveKey: ${part} cannot be part of a key; expected strings and whole numbers within 2^53.`,
    );
  }
  const magnitude = Math.abs(part);
  const high = Math.floor(magnitude / WORD) | NUMBER_DOMAIN | (part < 0 ? NEGATIVE : 0);
  writeThreefryBlock(state[0]!, state[1]!, magnitude % WORD, high, state, 0);
}

/** Length first, then two UTF-16 units at a time: no string is the beginning of another one's path. */
function foldString(state: Uint32Array, part: string): void {
  writeThreefryBlock(state[0]!, state[1]!, part.length, STRING_DOMAIN, state, 0);
  for (let i = 0; i < part.length; i += 2) {
    const second = i + 1 < part.length ? part.charCodeAt(i + 1) : 0;
    writeThreefryBlock(state[0]!, state[1]!, part.charCodeAt(i) | (second << 16), TEXT_DOMAIN, state, 0);
  }
}
