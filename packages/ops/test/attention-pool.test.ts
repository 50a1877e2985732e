import { attentionPool, poolTokens } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

const tokens = normalTensor<tf.Tensor3D>([17, 1], [3, 4, 2]);
const query = normalTensor([17, 2], [2]);
const weight = tf.tensor2d([
  [1, 1, 1, 1],
  [0, 1, 1, 0],
  [0, 0, 0, 0],
]);

describe('attentionPool', () => {
  it('is the mean of the tokens that count for a query of 0', () => {
    for (const weights of [undefined, weight]) {
      const difference = tf.sub(
        attentionPool(tokens, tf.zeros([2]), weights),
        poolTokens(tokens, ['mean'], weights),
      );
      expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-6);
    }
  });

  it('approaches the token that the query asks for', () => {
    const picked = attentionPool(tokens, tf.tensor1d([1e4, 0])).arraySync();
    tokens.arraySync().forEach((series, s) => {
      const best = series.reduce((x, y) => (y[0]! > x[0]! ? y : x));
      best.forEach((x, d) => {
        expect(picked[s]![d]).toBeCloseTo(x, 4);
      });
    });
  });

  it('does not see tokens of weight 0', () => {
    const rubbish = tf.mul(tf.expandDims(tf.sub(1, weight), 2), 1e4); // [S, T] -> [S, T, 1]
    const pooled = (x: tf.Tensor) => [...attentionPool(x, query, weight).dataSync()];
    expect(pooled(tf.add(tokens, rubbish))).toEqual(pooled(tokens));
    expect(pooled(tokens).slice(-2)).toEqual([0, 0]);
  });

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((x, q) => attentionPool(x!, q!), [tokens, query]);
    expectGradientMatchesDifferences((x, q) => attentionPool(x!, q!, weight), [tokens, query]);
  });

  it('refuses shapes that do not fit', () => {
    expect(() => attentionPool(tokens, tf.ones([3]))).toThrow(/query \[3\]/);
    expect(() => attentionPool(tokens, query, tf.ones([4, 3]))).toThrow(/tokenWeight \[4,3\]/);
  });

  it('leaves its result alone', () => expectTensorsLeft(1, () => attentionPool(tokens, query, weight)));
});
