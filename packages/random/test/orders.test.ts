import {
  deriveKey,
  indexPermutation,
  permutation,
  randomKey,
  sampleWithoutReplacement,
} from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const key = deriveKey(randomKey(0), 'orders');

/** How often each outcome occurs over `draws` keys. */
function frequencies(draws: number, outcome: (draw: number) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i++) counts.set(outcome(i), (counts.get(outcome(i)) ?? 0) + 1);
  return counts;
}

describe('permutation', () => {
  it('holds every number once', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(300), (seed, count) => {
        const order = permutation(randomKey(seed), count);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
      { seed: 3 },
    );
  });

  it('gives every order equally often', () => {
    const counts = frequencies(24_000, (i) => `${permutation(deriveKey(key, i), 4)}`);
    expect(counts.size).toBe(24);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });
});

describe('sampleWithoutReplacement', () => {
  it('is ascending, without repeats, within the population', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(100_000), fc.nat(50), (seed, population, wanted) => {
        const count = Math.min(wanted, population);
        const drawn = sampleWithoutReplacement(randomKey(seed), population, count);
        expect(drawn).toHaveLength(count);
        for (let i = 1; i < count; i++) expect(drawn[i]!).toBeGreaterThan(drawn[i - 1]!);
        if (count > 0) expect(drawn[count - 1]!).toBeLessThan(population);
      }),
      { seed: 4 },
    );
  });

  it('gives every subset equally often', () => {
    const counts = frequencies(10_000, (i) => `${sampleWithoutReplacement(deriveKey(key, i), 5, 2)}`);
    expect(counts.size).toBe(10);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(160);
  });

  it('refuses more than the population', () => {
    expect(() => sampleWithoutReplacement(key, 3, 4)).toThrow(/expected a whole number from 0 to 3/);
  });
});

describe('indexPermutation', () => {
  it.each([0, 1, 2, 3, 17, 1024, 1025, 4096, 5000, 70_000])('is a bijection of %i numbers', (count) => {
    const order = indexPermutation(key, count);
    const seen = new Uint8Array(count);
    for (let i = 0; i < count; i++) seen[order(i)]! += 1;
    expect(seen.every((times) => times === 1)).toBe(true);
  });

  it('reaches 2^52 numbers', () => {
    const count = 2 ** 52 - 12_345;
    const order = indexPermutation(key, count);
    const images = Array.from({ length: 1000 }, (_, i) => order(count - 1 - i));
    expect(new Set(images).size).toBe(1000);
    expect(images.every((image) => Number.isSafeInteger(image) && image >= 0 && image < count)).toBe(true);
    expect(images.filter((image) => image < count / 2).length).toBeGreaterThan(430);
    expect(images.filter((image) => image < count / 2).length).toBeLessThan(570);
  });

  it('puts each number in each place equally often, and neighbours apart', () => {
    const count = 1500;
    const firsts = Array.from({ length: 3000 }, (_, i) => indexPermutation(deriveKey(key, i), count)(0));
    const quarter = (q: number) => firsts.filter((f) => Math.floor((4 * f) / count) === q).length;
    for (let q = 0; q < 4; q++) expect(Math.abs(quarter(q) - 750)).toBeLessThan(110);
    const order = indexPermutation(key, count);
    let rising = 0;
    for (let i = 1; i < count; i++) if (order(i) > order(i - 1)) rising++;
    expect(Math.abs(rising - 750)).toBeLessThan(60);
  });

  it('depends on the key', () => {
    const orders = [0, 1, 2].map((epoch) => {
      const order = indexPermutation(deriveKey(key, epoch), 2000);
      return Array.from({ length: 20 }, (_, i) => order(i)).join();
    });
    expect(new Set(orders).size).toBe(3);
  });

  it.each([-1, 5, 0.5, Number.NaN])('refuses index %d of 5', (index) => {
    expect(() => indexPermutation(key, 5)(index)).toThrow(/from 0 to 4/);
  });
});
