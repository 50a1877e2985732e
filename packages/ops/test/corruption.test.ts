import { type Corruption, corruptPatches, drawMask, visibleOrder } from '@patchbert/ops';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const seed = randomKey(0);
const P = 3;

/** Masks of `series` series and patches in which every value is different. */
function example(series: number, patchCount: number, ratio = 0.5) {
  const masks = new Uint8Array(series * patchCount);
  for (let s = 0; s < series; s++) {
    masks.set(drawMask({ geometry: 'random', ratio }, patchCount, deriveKey(seed, s)), s * patchCount);
  }
  const patches = Float32Array.from(normals(seed, series * patchCount * P));
  return { masks, patches };
}

function corrupt(corruption: Corruption, series: number, patchCount: number, ratio?: number) {
  const { masks, patches } = example(series, patchCount, ratio);
  const untouched = patches.slice();
  const result = corruptPatches({
    patches,
    masks,
    patchCount,
    patchLength: P,
    corruption,
    key: (s) => deriveKey(seed, 'corruption', s),
  });
  expect(patches).toEqual(untouched);
  return { masks, original: patches, ...result };
}

const row = (patches: Float32Array, n: number) => patches.subarray(n * P, (n + 1) * P).join();

describe('corruptPatches', () => {
  it.each<Corruption>(['visible-only', 'zero', 'token', 'bert'])(
    '%s leaves visible patches alone',
    (policy) => {
      const { masks, original, patches, tokenMask } = corrupt(policy, 6, 20);
      masks.forEach((masked, n) => {
        if (masked === 1) return;
        expect(row(patches, n)).toBe(row(original, n));
        expect(tokenMask[n]).toBe(0);
      });
    },
  );

  it.each<Corruption>(['visible-only', 'zero', 'token'])('%s zeroes masked patches', (policy) => {
    const { masks, patches, tokenMask } = corrupt(policy, 6, 20);
    masks.forEach((masked, n) => {
      if (masked === 1) expect(row(patches, n)).toBe('0,0,0');
    });
    expect(tokenMask).toEqual(policy === 'zero' ? new Uint8Array(masks.length) : masks);
  });

  it('bert: 80 % token, 10 % another visible patch of the series, 10 % kept', () => {
    const patchCount = 40;
    const { masks, original, patches, tokenMask } = corrupt('bert', 400, patchCount);
    const counts = { token: 0, swapped: 0, kept: 0 };
    masks.forEach((masked, n) => {
      if (masked === 0) return;
      const now = row(patches, n);
      if (tokenMask[n] === 1) {
        expect(now).toBe('0,0,0');
        counts.token++;
      } else if (now === row(original, n)) counts.kept++;
      else {
        const first = Math.floor(n / patchCount) * patchCount;
        const visible = Array.from({ length: patchCount }, (_, i) => first + i).filter((i) => masks[i] === 0);
        expect(visible.map((i) => row(original, i))).toContain(now);
        counts.swapped++;
      }
    });
    expect(Math.abs(counts.token / 8000 - 0.8)).toBeLessThan(0.015);
    expect(Math.abs(counts.swapped / 8000 - 0.1)).toBeLessThan(0.012);
    expect(Math.abs(counts.kept / 8000 - 0.1)).toBeLessThan(0.012);
  });

  it('bert: a series does not depend on the rest of the batch', () => {
    const one = corrupt('bert', 1, 20);
    const many = corrupt('bert', 5, 20);
    expect(many.tokenMask.subarray(0, 20)).toEqual(one.tokenMask);
  });

  it('refuses values that do not fit the masks', () => {
    expect(() =>
      corruptPatches({
        patches: new Float32Array(11),
        masks: new Uint8Array(4),
        patchCount: 4,
        patchLength: 3,
        corruption: 'zero',
        key: () => seed,
      }),
    ).toThrow(/11 values and 4 mask entries/);
  });
});

describe('visibleOrder', () => {
  it('takes the visible patches of each series in order and puts them back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 30 }), (series, patchCount) => {
        const { masks } = example(series, patchCount);
        const { visibleIndex, restoreIndex, visibleCount } = visibleOrder(masks, series, patchCount);
        expect([...visibleIndex]).toEqual([...masks.keys()].filter((n) => masks[n] === 0));
        expect(visibleIndex).toHaveLength(series * visibleCount);
        masks.forEach((masked, n) => {
          const s = Math.floor(n / patchCount);
          if (masked === 0) expect(visibleIndex[restoreIndex[n]!]).toBe(n);
          else expect(restoreIndex[n]).toBe(s * visibleCount);
        });
      }),
      { seed: 10 },
    );
  });

  it('refuses uneven masks, nothing visible, and other lengths', () => {
    expect(() => visibleOrder(Uint8Array.of(1, 0, 0, 0), 2, 2)).toThrow(
      /series 1 shows 2 patches and series 0 shows 1/,
    );
    expect(() => visibleOrder(Uint8Array.of(0, 0, 1, 0), 2, 2)).toThrow(/series 1 shows 1 patches/);
    expect(() => visibleOrder(Uint8Array.of(1, 1), 1, 2)).toThrow(/every patch is masked/);
    expect(() => visibleOrder(new Uint8Array(5), 2, 2)).toThrow(/5 mask entries/);
  });
});
