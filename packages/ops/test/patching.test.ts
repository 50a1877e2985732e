import { type PatchingOptions, patchify, patchifySeries, patchLayout, unpatchify } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

const remainder = fc.constantFrom('drop-oldest' as const, 'pad' as const);
const options = fc
  .record({
    patchLength: fc.integer({ min: 1, max: 12 }),
    extra: fc.nat(40),
    patchStride: fc.integer({ min: 1, max: 15 }),
    remainder,
  })
  .map(({ extra, ...rest }): PatchingOptions => ({ ...rest, contextLength: rest.patchLength + extra }));

describe('patchLayout', () => {
  it('accounts for every point and ends with the last one', () => {
    fc.assert(
      fc.property(options, (chosen) => {
        const layout = patchLayout(chosen);
        const covered = (layout.patchCount - 1) * layout.patchStride + layout.patchLength;
        expect(covered + layout.dropped - layout.padded).toBe(layout.contextLength);
        expect(Math.min(layout.dropped, layout.padded)).toBe(0);
        expect(Math.max(layout.dropped, layout.padded)).toBeLessThan(layout.patchStride);
        if (chosen.remainder === 'pad') expect(layout.dropped).toBe(0);
        else expect(layout.padded).toBe(0);
      }),
      { seed: 5 },
    );
  });

  it('has the defaults of PatchTST pretraining and is frozen', () => {
    const layout = patchLayout({ contextLength: 50, patchLength: 8 });
    expect(layout).toMatchObject({
      patchStride: 8,
      remainder: 'drop-oldest',
      patchCount: 6,
      dropped: 2,
      padded: 0,
    });
    expect(Object.isFrozen(layout)).toBe(true);
    expect(patchLayout({ contextLength: 50, patchLength: 8, remainder: 'pad' })).toMatchObject({
      patchCount: 7,
      dropped: 0,
      padded: 6,
    });
  });

  it.each([
    [{ contextLength: 8, patchLength: 9 }, 'ops/patch-longer-than-context', /patchLength 9 does not fit/],
    [{ contextLength: 0, patchLength: 1 }, 'ops/bad-context-length', /contextLength 0/],
    [{ contextLength: 8, patchLength: 0 }, 'ops/bad-patch-length', /patchLength 0/],
    [{ contextLength: 8, patchLength: 1.5 }, 'ops/bad-patch-length', /patchLength 1.5/],
    [{ contextLength: 8, patchLength: 4, patchStride: 0 }, 'ops/bad-patch-stride', /patchStride 0/],
    [{ contextLength: 8, patchLength: 4, remainder: 'crop' as 'pad' }, 'ops/bad-remainder', /"crop"/],
  ])('refuses %o', (chosen, code, message) => {
    expect(() => patchLayout(chosen)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe('patchify', () => {
  it('equals its twin on the host, padding aside', () => {
    fc.assert(
      fc.property(options, fc.integer({ min: 1, max: 3 }), (chosen, series) => {
        const layout = patchLayout(chosen);
        const x = tf.reshape(tf.range(1, series * layout.contextLength + 1), [series, -1]) as tf.Tensor2D;
        const host = patchifySeries(Float32Array.from(x.dataSync()), layout);
        expect(patchify(x, layout).dataSync()).toEqual(host.map((v) => (Number.isNaN(v) ? 0 : v)));
        expect(host.filter(Number.isNaN)).toHaveLength(
          [...host.keys()].filter((i) => {
            const patch = Math.floor(i / layout.patchLength) % layout.patchCount;
            return patch * layout.patchStride + (i % layout.patchLength) < layout.padded;
          }).length,
        );
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  it('refuses a length that is not of the layout', () => {
    const layout = patchLayout({ contextLength: 8, patchLength: 4 });
    expect(() => patchify(tf.ones([2, 9]), layout)).toThrow(/patchify: x is \[2,9\]/);
    expect(() => patchifySeries(new Float32Array(9), layout)).toThrow(/9 values are not whole series/);
  });

  it.each([
    [10, 4, 4, 'drop-oldest'],
    [10, 4, 4, 'pad'],
    [11, 4, 3, 'drop-oldest'],
    [12, 4, 3, 'pad'],
    [12, 3, 5, 'drop-oldest'],
  ] as const)(
    'agrees with central differences: length %i, patches of %i every %i, %s',
    (length, P, S, rule) => {
      const layout = patchLayout({ contextLength: length, patchLength: P, patchStride: S, remainder: rule });
      expectGradientMatchesDifferences(
        (x) => patchify(x as tf.Tensor2D, layout),
        [normalTensor([7, 1], [2, length])],
      );
    },
  );
});

describe('unpatchify', () => {
  it('undoes patchify wherever patches leave no gaps', () => {
    fc.assert(
      fc.property(options, (chosen) => {
        fc.pre(chosen.patchStride! <= chosen.patchLength);
        const layout = patchLayout(chosen);
        const x = normalTensor<tf.Tensor2D>([7, 2], [2, layout.contextLength]);
        const covered = tf.pad(tf.slice(x, [0, layout.dropped]), [
          [0, 0],
          [layout.padded, 0],
        ]);
        const back = unpatchify(patchify(x, layout), layout);
        expect(back.shape).toEqual(covered.shape);
        expect(tf.max(tf.abs(tf.sub(back, covered))).dataSync()[0]).toBeLessThan(1e-6);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('takes the mean where patches overlap', () => {
    const layout = patchLayout({ contextLength: 6, patchLength: 4, patchStride: 2 });
    const patches = tf.tensor3d([
      [
        [1, 1, 1, 1],
        [3, 3, 3, 3],
      ],
    ]);
    expect([...unpatchify(patches, layout).dataSync()]).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('agrees with central differences', () => {
    for (const patchStride of [2, 3, 4]) {
      const layout = patchLayout({ contextLength: 12, patchLength: 4, patchStride });
      const patches = normalTensor([7, 3], [2, layout.patchCount, 4]);
      expectGradientMatchesDifferences((x) => unpatchify(x as tf.Tensor3D, layout), [patches]);
    }
  });

  it('refuses gaps and other shapes', () => {
    const gaps = patchLayout({ contextLength: 12, patchLength: 3, patchStride: 4 });
    expect(() => unpatchify(tf.ones([1, 3, 3]), gaps)).toThrow(/patchStride 4 leaves points between/);
    const layout = patchLayout({ contextLength: 12, patchLength: 3 });
    expect(() => unpatchify(tf.ones([1, 3, 3]), layout)).toThrow(/expected \[series, 4, 3\]/);
  });
});

it('both leave their result alone', () => {
  const layout = patchLayout({ contextLength: 13, patchLength: 4, patchStride: 3, remainder: 'pad' });
  const x = normalTensor<tf.Tensor2D>([7, 4], [2, 13]);
  const patches = patchify(x, layout);
  expectTensorsLeft(1, () => patchify(x, layout));
  expectTensorsLeft(1, () => unpatchify(patches, layout));
  expectTensorsLeft(1, () => tf.grad((y: tf.Tensor) => patchify(y as tf.Tensor2D, layout))(x));
});
