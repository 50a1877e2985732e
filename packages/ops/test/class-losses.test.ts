import { crossEntropy, instanceContrast, softTargets } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

const value = (loss: tf.Tensor) => loss.dataSync()[0]!;

describe('crossEntropy', () => {
  const logits = normalTensor([9, 1], [4, 3]);
  const target = tf.softmax(normalTensor([9, 2], [4, 3]));
  const weight = tf.tensor1d([1, 0, 2.5, 0.5]);

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((x) => crossEntropy(x!, target, weight), [logits]);
  });

  it('is the weighted mean of -sum(t log softmax)', () => {
    const perRow = tf.neg(tf.sum(tf.mul(target, tf.log(tf.softmax(logits))), 1));
    const expected = value(tf.sum(tf.mul(perRow, weight))) / 4;
    expect(value(crossEntropy(logits, target, weight))).toBeCloseTo(expected, 5);
  });

  it('survives logits of any size', () => {
    const number = fc.double({ min: -1e4, max: 1e4, noNaN: true });
    const check = (a: number, b: number) => {
      const x = tf.tensor2d([[a, b]]);
      const loss = (y: tf.Tensor) => crossEntropy(y, tf.tensor2d([[1, 0]]), tf.ones([1]));
      const d = Math.fround(b) - Math.fround(a);
      const expected = d > 0 ? d + Math.log1p(Math.exp(-d)) : Math.log1p(Math.exp(d));
      expect(Math.abs(value(loss(x)) - expected)).toBeLessThanOrEqual(1e-5 * (1 + expected));
      expect(tf.grad(loss)(x).dataSync().every(Number.isFinite)).toBe(true);
    };
    fc.assert(fc.property(number, number, check), { seed: 31, numRuns: 50 });
  });

  it('is 0 with gradient 0 where nothing counts', () => {
    const nothing = (x: tf.Tensor) => crossEntropy(x, target, tf.zeros([4]));
    expect(Math.abs(value(nothing(logits)))).toBe(0);
    expect(
      tf
        .grad(nothing)(logits)
        .dataSync()
        .every((slope) => slope === 0),
    ).toBe(true);
  });

  it('refuses shapes that do not fit', () => {
    expect(() => crossEntropy(logits, tf.ones([4, 2]), weight)).toThrow(/target \[4,2\]/);
    expect(() => crossEntropy(logits, target, tf.ones([3]))).toThrow(/weight \[3\]/);
  });

  it('leaves its result alone', () => expectTensorsLeft(1, () => crossEntropy(logits, target, weight)));
});

describe('softTargets', () => {
  it('gives each row a distribution with its largest share on the label', () => {
    const settings = fc.record({
      classes: fc.integer({ min: 2, max: 9 }),
      smoothing: fc.double({ min: 0, max: 0.9, noNaN: true }),
      draws: fc.array(fc.nat(8), { maxLength: 6 }),
    });
    const check = ({
      classes,
      smoothing,
      draws,
    }: {
      classes: number;
      smoothing: number;
      draws: number[];
    }) => {
      const labels = Int32Array.from(draws, (draw) => draw % classes);
      const targets = softTargets(labels, classes, { smoothing });
      labels.forEach((label, series) => {
        const row = [...targets.subarray(series * classes, (series + 1) * classes)];
        expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
        row.forEach((share, k) => {
          expect(share).toBeCloseTo(smoothing / classes + (k === label ? 1 - smoothing : 0), 6);
        });
      });
    };
    fc.assert(fc.property(settings, check), { seed: 32 });
    expect(softTargets(Int32Array.of(1, 0), 2)).toEqual(Float32Array.of(0, 1, 1, 0));
  });

  it('refuses labels and shares that are none', () => {
    expect(() => softTargets(Int32Array.of(0, -1), 2)).toThrow(/label -1 of series 1/);
    expect(() => softTargets(Int32Array.of(2), 2)).toThrow(/label 2/);
    expect(() => softTargets(Int32Array.of(0), 2, { smoothing: 1 })).toThrow(/smoothing is 1/);
  });
});

describe('instanceContrast', () => {
  const a = normalTensor([9, 3], [4, 5]);
  const b = normalTensor([9, 4], [4, 5]);
  const same = tf.tensor2d([
    [1, 0, 1, 0],
    [0, 1, 0, 0],
    [1, 0, 1, 0],
    [0, 0, 0, 1],
  ]);

  /** The definition, in plain numbers. */
  const reference = (temperature: number, excluded: number[][]) => {
    const unit = (x: tf.Tensor) =>
      (x.arraySync() as number[][]).map((row) => row.map((y) => y / Math.hypot(...row)));
    const [left, right] = [unit(a), unit(b)];
    const similarity = left.map((x) =>
      right.map((y) => x.reduce((sum, p, i) => sum + p * y[i]!, 0) / temperature),
    );
    let sum = 0;
    similarity.forEach((_, i) => {
      const row = similarity[i]!.filter((__, j) => j === i || excluded[i]![j] === 0);
      const column = similarity.map((one) => one[i]!).filter((__, j) => j === i || excluded[j]![i] === 0);
      for (const others of [row, column]) {
        sum += Math.log(others.reduce((total, s) => total + Math.exp(s), 0)) - similarity[i]![i]!;
      }
    });
    return sum / (2 * similarity.length);
  };

  it.each([0.2, 1])('is InfoNCE both ways at temperature %d', (temperature) => {
    const nobody = same.arraySync().map((row) => (row as number[]).map(() => 0));
    expect(value(instanceContrast(a, b, { temperature }))).toBeCloseTo(reference(temperature, nobody), 4);
    expect(value(instanceContrast(a, b, { temperature, excluded: same }))).toBeCloseTo(
      reference(temperature, same.arraySync() as number[][]),
      4,
    );
  });

  it('agrees with central differences', () => {
    const options = { temperature: 0.5, excluded: same };
    expectGradientMatchesDifferences((x, y) => instanceContrast(x!, y!, options), [a, b], 5e-3);
  });

  it('sees directions, not lengths, and needs no length at all', () => {
    expect(value(instanceContrast(tf.mul(a, 7), b))).toBeCloseTo(value(instanceContrast(a, b)), 5);
    const slopes = tf.grad((x: tf.Tensor) => instanceContrast(x, b))(tf.zeros([4, 5]));
    expect(slopes.dataSync().every(Number.isFinite)).toBe(true);
  });

  it('is 0 for a series alone and near 0 where every view finds its own', () => {
    expect(value(instanceContrast(tf.ones([1, 3]), tf.ones([1, 3])))).toBeCloseTo(0, 6);
    expect(value(instanceContrast(tf.eye(4), tf.eye(4), { temperature: 0.05 }))).toBeLessThan(1e-6);
  });

  it('refuses what does not fit', () => {
    expect(() => instanceContrast(a, tf.ones([4, 4]))).toThrow(/\[4,4\]/);
    expect(() => instanceContrast(a, b, { excluded: tf.ones([3, 3]) })).toThrow(/excluded is \[3,3\]/);
    expect(() => instanceContrast(a, b, { temperature: 0 })).toThrow(/temperature is 0/);
  });

  it('leaves its result alone', () => expectTensorsLeft(1, () => instanceContrast(a, b, { excluded: same })));
});
