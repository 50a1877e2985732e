import { deriveKey, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const pathPart = fc.oneof(fc.string(), fc.maxSafeInteger());

it('equal seeds give equal keys, different seeds different ones, zero included', () => {
  expect(randomKey(0)).toEqual(randomKey(0));
  const keys = new Set(
    [0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].map((s) => `${randomKey(s)}`),
  );
  expect(keys.size).toBe(6);
});

it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses seed %d', (seed) => {
  expect(() => randomKey(seed)).toThrow(/randomKey: seed .* whole number/);
});

it('folding in two steps equals folding at once', () => {
  fc.assert(
    fc.property(fc.nat(), fc.array(pathPart), fc.array(pathPart), (seed, a, b) => {
      const key = randomKey(seed);
      expect(deriveKey(deriveKey(key, ...a), ...b)).toEqual(deriveKey(key, ...a, ...b));
    }),
    { seed: 1 },
  );
});

it('different paths give different keys', () => {
  const key = randomKey(3);
  const paths: (string | number)[][] = [
    [],
    [0],
    [1],
    [-1],
    ['0'],
    ['1'],
    ['-1'],
    [''],
    ['', ''],
    ['a'],
    ['a', 'b'],
    ['ab'],
    ['b', 'a'],
    ['a\0'],
    ['abc'],
    ['mask', 1, 2],
    ['mask', 2, 1],
    ['mask', 12],
    [2 ** 32],
    [2 ** 32 + 1],
    [Number.MAX_SAFE_INTEGER],
    ['\ud800'],
    ['é'],
    ['e\u0301'],
  ];
  expect(new Set(paths.map((path) => `${deriveKey(key, ...path)}`)).size).toBe(paths.length);
});

it('the same path under another key gives another key', () => {
  fc.assert(
    fc.property(pathPart, fc.nat(), fc.nat(), (part, a, b) => {
      fc.pre(a !== b);
      expect(deriveKey(randomKey(a), part)).not.toEqual(deriveKey(randomKey(b), part));
    }),
    { seed: 2 },
  );
});

it.each([0.5, Number.NaN, 2 ** 53, Number.NEGATIVE_INFINITY])('refuses %d as part of a path', (part) => {
  expect(() => deriveKey(randomKey(0), 'step', part)).toThrow(/deriveKey: .* cannot be part of a key/);
});
