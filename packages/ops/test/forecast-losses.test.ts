import { huberLoss, pinballLoss, weightedMeanAbsoluteError, weightedMeanSquaredError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

type Loss = (prediction: tf.Tensor, target: tf.Tensor, weight: tf.Tensor) => tf.Scalar;

const levels = [0.1, 0.5, 0.8];

/** Each loss of `[S, H]` predictions; pinball repeats them for its levels. */
const pointLosses: Record<string, Loss> = {
  weightedMeanSquaredError,
  weightedMeanAbsoluteError,
  'huberLoss of 0.7': (p, t, w) => huberLoss(p, t, w, 0.7),
};
const losses: Record<string, Loss> = {
  ...pointLosses,
  pinballLoss: (p, t, w) => pinballLoss(tf.stack([p, p, p], -1), t, w, levels),
};

const shape = [3, 4];
const target = normalTensor([8, 1], shape);
const weight = tf.relu(normalTensor([8, 2], shape));
/** At least 0.2 from the target and from the corners of Huber's loss, where slopes jump or curve. */
const prediction = tf.tidy(() => {
  const steps = normalTensor([8, 3], shape);
  return tf.add(target, tf.mul(tf.sign(steps), tf.add(tf.round(tf.abs(tf.mul(steps, 2))), 0.3)));
});

const value = (loss: tf.Tensor) => loss.dataSync()[0]!;

describe.each(Object.entries(losses))('%s', (_, loss) => {
  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((p) => loss(p!, target, weight), [prediction]);
  });

  it('is 0 with gradient 0 where nothing counts', () => {
    const nothing = (p: tf.Tensor) => loss(p, target, tf.zeros(shape));
    expect(value(nothing(prediction))).toBe(0);
    const slopes = tf.grad(nothing)(prediction).dataSync();
    expect(slopes.every((slope) => slope === 0)).toBe(true);
  });

  it('does not see what stands where nothing counts', () => {
    const counts = tf.cast(tf.greater(weight, 0), 'float32');
    const poisoned = tf.add(target, tf.mul(tf.sub(1, counts), 1e6));
    expect(loss(prediction, poisoned, counts).dataSync()).toEqual(
      loss(prediction, target, counts).dataSync(),
    );
  });

  it('takes a weight per series as the same weight for each of its points', () => {
    const perSeries = tf.tensor2d([1, 0, 3], [3, 1]);
    const repeated = tf.mul(perSeries, tf.ones(shape));
    expect(value(loss(prediction, target, perSeries))).toBeCloseTo(
      value(loss(prediction, target, repeated)),
      6,
    );
  });

  it('is the mean over the points that count', () => {
    const half = tf.mul(tf.ones(shape), 0.5);
    expect(value(loss(prediction, target, half))).toBeCloseTo(
      value(loss(prediction, target, tf.ones(shape))),
      6,
    );
  });

  it('refuses shapes that do not fit', () => {
    expect(() => loss(prediction, tf.ones([3, 5]), weight)).toThrow(/target \[3,5\]/);
    expect(() => loss(prediction, target, tf.ones([4, 3]))).toThrow(/weight \[4,3\]/);
  });
});

it.each(Object.entries(pointLosses))('%s leaves its result alone', (_, loss) => {
  expectTensorsLeft(1, () => loss(prediction, target, weight));
});

const number = fc.double({ min: -50, max: 50, noNaN: true }).map(Math.fround);
const one = (x: number) => tf.tensor1d([x]);

describe('huberLoss', () => {
  it('is half the squared error within delta and a line of slope delta beyond', () => {
    const check = (difference: number, delta: number) => {
      const size = Math.abs(difference);
      const expected = size <= delta ? size ** 2 / 2 : delta * (size - delta / 2);
      const loss = tf.tidy(() => value(huberLoss(one(difference), one(0), one(1), delta)));
      expect(Math.abs(loss - expected)).toBeLessThanOrEqual(1e-5 * (1 + expected));
    };
    fc.assert(fc.property(number, fc.double({ min: 0.01, max: 20, noNaN: true }), check), { seed: 21 });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('refuses a delta of %d', (delta) => {
    expect(() => huberLoss(one(0), one(0), one(1), delta)).toThrow(/delta is/);
  });
});

describe('pinballLoss', () => {
  it('is max(q d, (q - 1) d) of target - prediction, mean over the levels', () => {
    const check = (p: number, t: number, q: number) => {
      const d = t - p;
      const expected = Math.max(q * d, (q - 1) * d);
      const loss = tf.tidy(() => value(pinballLoss(tf.tensor2d([[p, p]]), one(t), one(1), [q, q])));
      expect(Math.abs(loss - expected)).toBeLessThanOrEqual(1e-5 * (1 + expected));
    };
    fc.assert(fc.property(number, number, fc.double({ min: 0.01, max: 0.99, noNaN: true }), check), {
      seed: 22,
    });
  });

  it('at level 1/2 is half the absolute error', () => {
    const half = value(pinballLoss(tf.expandDims(prediction, -1), target, weight, [0.5]));
    expect(half).toBeCloseTo(value(weightedMeanAbsoluteError(prediction, target, weight)) / 2, 6);
  });

  it('is lowest at the quantile of its level', () => {
    const draws = normalTensor<tf.Tensor1D>([8, 4], [999]);
    const at = (q: number, p: number) => value(pinballLoss(tf.fill([999, 1], p), draws, tf.ones([999]), [q]));
    const sorted = [...draws.dataSync()].sort((a, b) => a - b);
    for (const q of levels) {
      const quantile = sorted[Math.round(q * 998)]!;
      expect(at(q, quantile)).toBeLessThan(at(q, quantile + 0.1));
      expect(at(q, quantile)).toBeLessThan(at(q, quantile - 0.1));
    }
  });

  it.each([[[]], [[0]], [[1]], [[0.5, Number.NaN]]])('refuses the levels %j', (wrong: number[]) => {
    expect(() => pinballLoss(tf.ones([2, wrong.length]), tf.ones([2]), tf.ones([2]), wrong)).toThrow(
      /levels/,
    );
  });

  it('leaves its result alone', () => {
    const stacked = tf.stack([prediction, prediction, prediction], -1);
    expectTensorsLeft(1, () => pinballLoss(stacked, target, weight, levels));
  });

  it('refuses a prediction with another number of levels', () => {
    expect(() => pinballLoss(tf.ones([2, 3]), tf.ones([2]), tf.ones([2]), [0.5])).toThrow(/1 levels/);
  });
});
