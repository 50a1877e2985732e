import { boundedInteger } from './bounded-integer.ts';
import { checkedCount } from './checked-count.ts';
import { LARGEST_COUNT, wordStream } from './random-uint32s.ts';
import type { RandomKey } from './threefry.ts';

/** Above this many flags per number drawn, a set costs less memory than one flag per member. */
const SPARSE = 64;

/**
 * `count` different numbers from 0 ... population-1, ascending, every subset equally likely.
 *
 * Floyd's algorithm (Bentley, Floyd: "A sample of brilliance", CACM 30, 1987): `count` draws, no shuffle.
 *
 * @throws PatchBertError `random/bad-count`.
 * @example
 * const masked = sampleWithoutReplacement(randomKey(0), 42, 17); // Uint32Array [17], ascending
 */
export function sampleWithoutReplacement(key: RandomKey, population: number, count: number): Uint32Array {
  checkedCount('sampleWithoutReplacement', population, 0, LARGEST_COUNT);
  checkedCount('sampleWithoutReplacement', count, 0, population);
  const nextWord = wordStream(key);
  const drawn = new Uint32Array(count);
  if (population > SPARSE * (count + SPARSE)) {
    const taken = new Set<number>();
    for (let last = population - count; last < population; last++) {
      const candidate = boundedInteger(nextWord, last + 1);
      taken.add(taken.has(candidate) ? last : candidate);
    }
    drawn.set([...taken]);
    return drawn.sort();
  }
  const taken = new Uint8Array(population);
  for (let last = population - count; last < population; last++) {
    const candidate = boundedInteger(nextWord, last + 1);
    taken[taken[candidate] === 1 ? last : candidate] = 1;
  }
  let filled = 0;
  for (let i = 0; filled < count; i++) if (taken[i] === 1) drawn[filled++] = i;
  return drawn;
}
