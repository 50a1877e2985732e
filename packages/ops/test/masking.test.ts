import { parseConfig } from '@patchbert/errors';
import { drawMask, type Masking, maskedPatchCount, maskingSchema } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const ratio = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);
const drawn = fc.oneof(
  fc.record({ geometry: fc.constant('random' as const), ratio }),
  fc.record({ geometry: fc.constant('block' as const), ratio }),
  fc.record({
    geometry: fc.constant('geometric' as const),
    ratio,
    meanLength: fc.double({ min: 1, max: 20, noNaN: true }),
  }),
);
const key = deriveKey(randomKey(0), 'masks');
const ones = (mask: Uint8Array) => mask.reduce((sum, m) => sum + m, 0);
const runs = (mask: Uint8Array) =>
  [...mask]
    .join('')
    .split('0')
    .filter((run) => run !== '')
    .map((run) => run.length);

describe('maskedPatchCount', () => {
  it.each([
    [10, 0.9, 9],
    [10, 0.8, 8],
    [50, 0.8, 40],
    [100, 0.55, 55],
    [100, 0.8, 80],
    [100, 0.9, 90],
    [42, 0.4, 17],
    [64, 0.4, 26],
    [10, 0.55, 6],
    [50, 0.29, 15],
    [2, 0.01, 1],
    [2, 0.99, 1],
    [7, 0.99, 6],
  ])('%i patches at ratio %d hide %i', (patchCount, share, expected) => {
    for (const geometry of ['random', 'block'] as const) {
      expect(maskedPatchCount({ geometry, ratio: share }, patchCount)).toBe(expected);
    }
  });

  it('is the share rounded half up, for every percentage', () => {
    for (let patchCount = 2; patchCount <= 200; patchCount++) {
      for (let percent = 1; percent < 100; percent++) {
        const rounded = Math.floor((2 * patchCount * percent + 100) / 200);
        expect(maskedPatchCount({ geometry: 'random', ratio: percent / 100 }, patchCount)).toBe(
          Math.min(Math.max(rounded, 1), patchCount - 1),
        );
      }
    }
  });

  it.each([
    [{ geometry: 'random', ratio: 0.5 }, 1, /1 patches cannot be split/],
    [{ geometry: 'forecast', patches: 4 }, 4, /4 of 4 patches/],
    [{ geometry: 'given', masked: [0, 1] }, 2, /2 of 2 patches/],
    [{ geometry: 'given', masked: [0, 7] }, 7, /patch 7 .* patches 0 to 6/],
  ] as [Masking, number, RegExp][])('refuses %o of %i', (masking, patchCount, message) => {
    expect(() => maskedPatchCount(masking, patchCount)).toThrow(message);
  });
});

describe('drawMask', () => {
  it('hides exactly the count, whatever the geometry', () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 2, max: 120 }), fc.nat(), (masking, patchCount, seed) => {
        const mask = drawMask(masking, patchCount, randomKey(seed));
        expect(mask).toHaveLength(patchCount);
        expect(mask.every((m) => m === 0 || m === 1)).toBe(true);
        expect(ones(mask)).toBe(maskedPatchCount(masking, patchCount));
        expect(drawMask(masking, patchCount, randomKey(seed))).toEqual(mask);
      }),
      { seed: 8, numRuns: 300 },
    );
  });

  it('another key draws another mask', () => {
    const masks = Array.from({ length: 50 }, (_, i) =>
      drawMask({ geometry: 'random', ratio: 0.4 }, 42, deriveKey(key, i)).join(''),
    );
    expect(new Set(masks).size).toBe(50);
  });

  it.each<Masking>([
    { geometry: 'random', ratio: 0.4 },
    { geometry: 'geometric', ratio: 0.4, meanLength: 3 },
  ])('$geometry hides every patch equally often', (masking) => {
    const hidden = new Float64Array(20);
    for (let i = 0; i < 4000; i++) {
      drawMask(masking, 20, deriveKey(key, i)).forEach((m, patch) => {
        hidden[patch]! += m / 4000;
      });
    }
    for (const share of hidden) expect(Math.abs(share - 0.4)).toBeLessThan(0.04);
  });

  it('block: one run, at every place', () => {
    const starts = new Set<number>();
    for (let i = 0; i < 300; i++) {
      const mask = drawMask({ geometry: 'block', ratio: 0.5 }, 12, deriveKey(key, i));
      expect(runs(mask)).toEqual([6]);
      starts.add(mask.indexOf(1));
    }
    expect([...starts].sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('geometric: runs of about the mean length, geometrically distributed', () => {
    const lengths = Array.from({ length: 300 }, (_, i) =>
      runs(drawMask({ geometry: 'geometric', ratio: 0.3, meanLength: 4 }, 400, deriveKey(key, i))),
    ).flat();
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(Math.abs(mean - 4)).toBeLessThan(0.25);
    const single = lengths.filter((length) => length === 1).length / lengths.length;
    expect(Math.abs(single - 1 / 4)).toBeLessThan(0.03);
  });

  it('forecast: the last patches', () => {
    expect([...drawMask({ geometry: 'forecast', patches: 2 }, 5, key)]).toEqual([0, 0, 0, 1, 1]);
  });

  it('given: the named patches', () => {
    expect([...drawMask({ geometry: 'given', masked: [3, 0] }, 5, key)]).toEqual([1, 0, 0, 1, 0]);
  });
});

describe('maskingSchema', () => {
  it.each([
    [{ geometry: 'random', ratio: 0 }, /ratio of 0 hides nothing/],
    [{ geometry: 'block', ratio: 1 }, /ratio of 1 leaves nothing/],
    [{ geometry: 'random', ratio: '0.4' }, /ratio/],
    [{ geometry: 'random', ratio: Number.NaN }, /ratio/],
    [{ geometry: 'random', ratio: 0.4, maskRatio: 0.4 }, /maskRatio/],
    [{ geometry: 'geometric', ratio: 0.4, meanLength: 0.5 }, /at least 1 patch/],
    [{ geometry: 'forecast', patches: 0 }, /patches/],
    [{ geometry: 'given', masked: [] }, /at least one patch/],
    [{ geometry: 'given', masked: [1, 1] }, /named twice/],
    [{ geometry: 'spiral', ratio: 0.4 }, /geometry/],
  ])('refuses %o', (value, message) => {
    expect(() => parseConfig(maskingSchema, value, 'masking')).toThrow(message);
  });

  it('takes every geometry', () => {
    fc.assert(
      fc.property(drawn, (masking) => {
        expect(maskingSchema.parse(masking)).toEqual(masking);
      }),
      { seed: 9 },
    );
  });
});
