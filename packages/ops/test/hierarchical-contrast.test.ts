import { hierarchicalContrast } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

type Tokens = number[][][];

const value = (loss: tf.Tensor) => loss.dataSync()[0]!;
const a = normalTensor<tf.Tensor3D>([12, 1], [3, 5, 4]);
const b = normalTensor<tf.Tensor3D>([12, 2], [3, 5, 4]);

/** TS2Vec's losses in plain numbers: every vector of a group against all others of it. */
function contrast(group: readonly (readonly number[])[], partner: (i: number) => number): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, p, i) => sum + p * y[i]!, 0);
  const losses = group.map((anchor, i) => {
    const total = group.reduce((sum, other, j) => (j === i ? sum : sum + Math.exp(dot(anchor, other))), 0);
    return Math.log(total) - dot(anchor, group[partner(i)]!);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

function reference(x: Tokens, y: Tokens, alpha: number, temporalUnit: number): number {
  const mean = (numbers: number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const half = (tokens: Tokens) =>
    tokens.map((series) =>
      Array.from({ length: Math.floor(series.length / 2) }, (_, t) =>
        series[2 * t]!.map((n, d) => Math.max(n, series[2 * t + 1]![d]!)),
      ),
    );
  let [left, right, sum, levels] = [x, y, 0, 0];
  for (;;) {
    const [series, times] = [left.length, left[0]!.length];
    const instance = Array.from({ length: times }, (_, t) =>
      contrast(
        [...left, ...right].map((one) => one[t]!),
        (i) => (i + series) % (2 * series),
      ),
    );
    sum += alpha * mean(instance);
    if (times > 1 && levels >= temporalUnit) {
      const temporal = left.map((one, s) =>
        contrast([...one, ...right[s]!], (i) => (i + times) % (2 * times)),
      );
      sum += (1 - alpha) * mean(temporal);
    }
    levels++;
    if (times === 1) return sum / levels;
    [left, right] = [half(left), half(right)];
  }
}

describe('hierarchicalContrast', () => {
  it.each([
    [0.5, 0],
    [0, 0],
    [1, 0],
    [0.3, 1],
  ])('is the loss of TS2Vec, alpha %d from level %d', (alpha, temporalUnit) => {
    expect(value(hierarchicalContrast(a, b, { alpha, temporalUnit }))).toBeCloseTo(
      reference(a.arraySync(), b.arraySync(), alpha, temporalUnit),
      4,
    );
  });

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((x, y) => hierarchicalContrast(x!, y!), [a, b], 5e-3);
    const visible = tf.tensor2d([
      [1, 1, 1, 1, 0],
      [1, 0, 1, 0, 0],
      [0, 0, 0, 1, 1],
    ]);
    expectGradientMatchesDifferences((x, y) => hierarchicalContrast(x!, y!, { visible }), [a, b], 5e-3);
  });

  it('does not see hidden tokens, and padding alike for all changes the levels only', () => {
    const visible = tf.tensor2d([
      [1, 1, 1, 1, 0],
      [1, 0, 1, 0, 0],
      [0, 0, 0, 1, 1],
    ]);
    const rubbish = tf.mul(tf.expandDims(tf.sub(1, visible), 2), 30); // [S, T] -> [S, T, 1]
    const clean = hierarchicalContrast(a, b, { visible });
    const poisoned = hierarchicalContrast(tf.add(a, rubbish), tf.sub(b, rubbish), { visible });
    expect(value(poisoned)).toBe(value(clean));
    const slopes = tf.grad((x: tf.Tensor) => hierarchicalContrast(x, b, { visible }))(a);
    const hidden = tf.mul(tf.abs(slopes), tf.expandDims(tf.sub(1, visible), 2)); // [S, T] -> [S, T, 1]
    expect(value(tf.max(hidden))).toBe(0);
    expect(value(hierarchicalContrast(a, b, { visible: tf.ones([3, 5]) }))).toBeCloseTo(
      value(hierarchicalContrast(a, b)),
      5,
    );
  });

  it('survives one series, one token, and both', () => {
    expect(Number.isFinite(value(hierarchicalContrast(tf.ones([1, 4, 2]), tf.ones([1, 4, 2]))))).toBe(true);
    expect(Number.isFinite(value(hierarchicalContrast(tf.ones([2, 1, 2]), tf.ones([2, 1, 2]))))).toBe(true);
    const alone = (x: tf.Tensor) => hierarchicalContrast(x, tf.ones([1, 1, 2]));
    expect(value(alone(tf.ones([1, 1, 2])))).toBe(0);
    expect([
      ...tf
        .grad(alone)(tf.ones([1, 1, 2]))
        .dataSync(),
    ]).toEqual([0, 0]);
  });

  it('refuses what does not fit', () => {
    expect(() => hierarchicalContrast(a, tf.ones([3, 4, 4]))).toThrow(/\[3,4,4\]/);
    expect(() => hierarchicalContrast(a, b, { visible: tf.ones([3, 4]) })).toThrow(/visible is \[3,4\]/);
    expect(() => hierarchicalContrast(a, b, { alpha: 2 })).toThrow(/alpha is 2/);
  });

  it('leaves its result alone', () => expectTensorsLeft(1, () => hierarchicalContrast(a, b)));
});
