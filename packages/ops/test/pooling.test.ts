import { poolTokens, type TokenPooling } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

const tokens = normalTensor<tf.Tensor3D>([10, 1], [3, 4, 2]);
/** Every token of one series, some of the next, none of the last. */
const weight = tf.tensor2d([
  [1, 1, 1, 1],
  [0, 1, 1, 0],
  [0, 0, 0, 0],
]);

const kinds: Record<TokenPooling, (x: number[]) => number> = {
  mean: (x) => x.reduce((sum, y) => sum + y, 0) / x.length,
  max: (x) => Math.max(...x),
  deviation: (x) => {
    const mean = x.reduce((sum, y) => sum + y, 0) / x.length;
    return Math.sqrt(x.reduce((sum, y) => sum + (y - mean) ** 2, 0) / x.length + 1e-6);
  },
  last: (x) => x.at(-1)!,
  positive: (x) => x.filter((y) => y > 0).length / x.length,
};
const names = Object.keys(kinds) as TokenPooling[];
const smooth = names.filter((name) => name !== 'positive');

describe.each(names)('%s', (kind) => {
  it('pools the tokens that count and gives 0 where none does', () => {
    for (const weights of [undefined, weight]) {
      const pooled = poolTokens(tokens, [kind], weights).arraySync();
      const counts = (weights ?? tf.ones([3, 4])).arraySync() as number[][];
      tokens.arraySync().forEach((series, s) => {
        for (const d of [0, 1]) {
          const seen = series.filter((_, t) => counts[s]![t]! > 0).map((token) => token[d]!);
          const nothing = kind === 'deviation' ? 1e-3 : 0;
          expect(pooled[s]![d]).toBeCloseTo(seen.length > 0 ? kinds[kind](seen) : nothing, 5);
        }
      });
    }
  });

  it('does not see tokens of weight 0', () => {
    const rubbish = tf.mul(tf.expandDims(tf.sub(1, weight), 2), 1e5); // [S, T] -> [S, T, 1]
    const poisoned = tf.add(tokens, rubbish);
    const pooled = (x: tf.Tensor) => poolTokens(x, [kind], weight).dataSync();
    expect(pooled(poisoned)).toEqual(pooled(tokens));
    const slope = (x: tf.Tensor) =>
      tf
        .grad((y: tf.Tensor) => poolTokens(y, [kind], weight))(x)
        .arraySync();
    (slope(poisoned) as number[][][]).forEach((series, s) => {
      series.forEach((token, t) => {
        if (weight.arraySync()[s]![t] === 0) expect(token.map(Math.abs)).toEqual([0, 0]);
      });
    });
  });
});

it.each(smooth)('the gradient of %s agrees with central differences', (kind) => {
  expectGradientMatchesDifferences((x) => poolTokens(x!, [kind]), [tokens]);
  expectGradientMatchesDifferences((x) => poolTokens(x!, [kind], weight), [tokens]);
});

it('weights a mean and a deviation', () => {
  const x = tf.tensor3d([[[1], [4]]]);
  expect(poolTokens(x, ['mean', 'deviation'], tf.tensor2d([[3, 1]])).arraySync()[0]![0]).toBeCloseTo(1.75, 5);
  expect(poolTokens(x, ['mean', 'deviation'], tf.tensor2d([[3, 1]])).arraySync()[0]![1]).toBeCloseTo(
    Math.sqrt(1.6875),
    4,
  );
});

it('shares the gradient of a maximum among ties', () => {
  const ties = tf.tensor3d([[[2], [2], [1]]]);
  const slopes = tf.grad((x: tf.Tensor) => poolTokens(x, ['max']))(ties);
  expect([...slopes.dataSync()]).toEqual([0.5, 0.5, 0]);
});

it('puts kinds beside each other in the order asked for', () => {
  const both = poolTokens(tokens, ['max', 'mean'], weight).arraySync();
  const [max, mean] = (['max', 'mean'] as const).map((kind) =>
    poolTokens(tokens, [kind], weight).arraySync(),
  );
  both.forEach((row, s) => {
    expect(row).toEqual([...max![s]!, ...mean![s]!]);
  });
});

it('leaves its result alone', () => expectTensorsLeft(1, () => poolTokens(tokens, names, weight)));

it('refuses what it does not know', () => {
  expect(() => poolTokens(tokens, ['meen'] as unknown as TokenPooling[])).toThrow(
    /"meen" is no kind.*Did you mean "mean"/,
  );
  expect(() => poolTokens(tokens, [])).toThrow(/no kind is named/);
  expect(() => poolTokens(tokens, ['mean'], tf.ones([3, 5]))).toThrow(/tokenWeight \[3,5\]/);
});
