/** Two uint32 words that name one stream of random numbers. */
export type RandomKey = readonly [number, number];

/** The key schedule's parity constant of the Skein/Threefry family, 32-bit form. */
const PARITY = 0x1bd11bda;

/**
 * One block of Threefry-2x32 with 20 rounds: a keyed bijection of a 64-bit counter, the source of every
 * number in this package.
 *
 * Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Random123).
 *
 * @param key two words; only their low 32 bits count.
 * @param counter two words, low word first; only their low 32 bits count.
 * @returns two uint32 words.
 * @example
 * threefry2x32([0, 0], [0, 0]); // [0x6b200159, 0x99ba4efe]
 */
export function threefry2x32(key: RandomKey, counter: readonly [number, number]): [number, number] {
  const block = new Uint32Array(2);
  writeThreefryBlock(key[0], key[1], counter[0], counter[1], block, 0);
  return [block[0]!, block[1]!];
}

/**
 * Writes the two words of one block to `out[offset]` and `out[offset + 1]`; allocates nothing.
 * Rounds are unrolled: this is the hot loop under masks and dropout.
 */
export function writeThreefryBlock(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
  offset: number,
): void {
  const a = key0 | 0;
  const b = key1 | 0;
  const c = PARITY ^ a ^ b;
  let x = (counter0 + a) | 0;
  let y = (counter1 + b) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + b) | 0;
  y = (y + c + 1) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + c) | 0;
  y = (y + a + 2) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;
  x = (x + a) | 0;
  y = (y + b + 3) | 0;

  x = (x + y) | 0;
  y = ((y << 17) | (y >>> 15)) ^ x;
  x = (x + y) | 0;
  y = ((y << 29) | (y >>> 3)) ^ x;
  x = (x + y) | 0;
  y = ((y << 16) | (y >>> 16)) ^ x;
  x = (x + y) | 0;
  y = ((y << 24) | (y >>> 8)) ^ x;
  x = (x + b) | 0;
  y = (y + c + 4) | 0;

  x = (x + y) | 0;
  y = ((y << 13) | (y >>> 19)) ^ x;
  x = (x + y) | 0;
  y = ((y << 15) | (y >>> 17)) ^ x;
  x = (x + y) | 0;
  y = ((y << 26) | (y >>> 6)) ^ x;
  x = (x + y) | 0;
  y = ((y << 6) | (y >>> 26)) ^ x;

  out[offset] = x + c;
  out[offset + 1] = y + a + 5;
}
