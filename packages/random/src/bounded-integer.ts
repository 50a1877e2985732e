const WORD = 2 ** 32;

/** An unbiased integer in [0, bound) from 32-bit words, bound <= 2^32; words of the ragged end are rejected. */
export function boundedInteger(nextWord: () => number, bound: number): number {
  const fair = WORD - (WORD % bound);
  let word = nextWord();
  while (word >= fair) word = nextWord();
  return word % bound;
}
