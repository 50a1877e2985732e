import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  accuracyOf,
  calibrationBins,
  classificationScores,
  predictedClasses,
  probabilitiesOf,
  regressionScores,
} from '@patchbert/evaluation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const peer = JSON.parse(readFileSync(path.join(import.meta.dirname, 'fixtures/scikit-learn.json'), 'utf8'));

/** Scores of up to 40 examples of up to 5 classes, and their labels. */
const predicted = fc.integer({ min: 2, max: 5 }).chain((classes) =>
  fc
    .array(
      fc.record({
        label: fc.integer({ min: 0, max: classes - 1 }),
        scores: fc.array(fc.integer({ min: -6, max: 6 }), { minLength: classes, maxLength: classes }),
      }),
      { minLength: 1, maxLength: 40 },
    )
    .map((rows) => ({
      classes,
      labels: Int32Array.from(rows, ({ label }) => label),
      probabilities: probabilitiesOf(Float64Array.from(rows.flatMap(({ scores }) => scores)), classes),
    })),
);

const inOrder = <T extends { labels: Int32Array; probabilities: Float64Array; classes: number }>(
  { labels, probabilities, classes }: T,
  order: readonly number[],
) => ({
  classes,
  labels: Int32Array.from(order, (i) => labels[i]!),
  probabilities: Float64Array.from(
    order.flatMap((i) => [...probabilities.subarray(i * classes, (i + 1) * classes)]),
  ),
});

describe('classificationScores', () => {
  it('gives the scores of scikit-learn', () => {
    const scores = classificationScores({
      probabilities: Float64Array.from(peer.probabilities.flat()),
      labels: Int32Array.from(peer.labels),
      classes: 3,
    });
    for (const key of ['logLoss', 'auroc', 'brier'] as const)
      expect(scores[key], key).toBeCloseTo(peer[key], 12);
    for (const key of ['precision', 'recall', 'f1'] as const) {
      scores.perClass.forEach((one, k) => {
        expect(one[key], `${key} ${k}`).toBeCloseTo(peer[key][k], 12);
      });
    }
  });

  it('does not depend on the order of the examples', () => {
    fc.assert(
      fc.property(predicted, (one) => {
        const scores = classificationScores(one);
        const reversed = classificationScores(inOrder(one, [...one.labels.keys()].reverse()));
        expect(reversed.confusion).toEqual(scores.confusion);
        for (const key of ['accuracy', 'logLoss', 'auroc', 'brier', 'calibrationError', 'macroF1'] as const) {
          const difference = Math.abs(reversed[key] - scores[key]);
          expect(Number.isNaN(scores[key]) ? 0 : difference, key).toBeLessThan(1e-12);
        }
      }),
      { seed: 1 },
    );
  });

  it('counts every example once, and is 1 only for the truth', () => {
    fc.assert(
      fc.property(predicted, ({ labels, probabilities, classes }) => {
        const scores = classificationScores({ labels, probabilities, classes });
        expect(scores.confusion.flat().reduce((a, b) => a + b)).toBe(labels.length);
        expect(scores.accuracy).toBe(accuracyOf(predictedClasses(probabilities, classes), labels));
        const certain = new Float64Array(labels.length * classes);
        labels.forEach((label, i) => {
          certain[i * classes + label] = 1;
        });
        const best = classificationScores({ labels, probabilities: certain, classes });
        const { accuracy, balancedAccuracy, macroF1Present, logLoss, brier, calibrationError } = best;
        expect([accuracy, balancedAccuracy, macroF1Present]).toEqual([1, 1, 1]);
        expect(logLoss + brier + calibrationError).toBe(0);
        expect(best.auroc).toSatisfy((area: number) => area === 1 || new Set(labels).size === 1);
      }),
      { seed: 2 },
    );
  });

  it('says NaN for what is undefined', () => {
    const { perClass, auroc, macroF1, macroF1Present, balancedAccuracy } = classificationScores({
      probabilities: Float64Array.of(0.8, 0.1, 0.1, 0.6, 0.3, 0.1),
      labels: Int32Array.of(0, 0),
      classes: 3,
    });
    expect(perClass[1]).toEqual({
      support: 0,
      predicted: 0,
      precision: Number.NaN,
      recall: Number.NaN,
      f1: 0,
      auroc: Number.NaN,
    });
    expect(auroc).toBeNaN();
    expect([macroF1, macroF1Present, balancedAccuracy]).toEqual([1 / 3, 1, 1]);
  });

  it('gives an area of one half where nothing can be told apart', () => {
    const probabilities = new Float64Array(20).fill(0.5);
    const labels = Int32Array.from({ length: 10 }, (_, i) => i % 2);
    const scores = classificationScores({ probabilities, labels, classes: 2 });
    expect([scores.auroc, scores.accuracy, scores.calibrationError]).toEqual([0.5, 0.5, 0]);
  });

  it('measures calibration', () => {
    const probabilities = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 0.7 : 0.3));
    const labels = Int32Array.from({ length: 10 }, (_, i) => (i < 9 ? 0 : 1)); // sure to 70 %, right in 90 %
    expect(classificationScores({ probabilities, labels, classes: 2 }).calibrationError).toBeCloseTo(0.2, 12);
    const [bin, ...others] = calibrationBins(probabilities, labels, 2);
    expect(others).toEqual([]);
    expect(bin).toMatchObject({ count: 10, accuracy: 0.9 });
    expect(bin!.confidence).toBeCloseTo(0.7, 12);
  });

  it.each([
    ['no labels', { probabilities: new Float64Array(0), labels: new Int32Array(0) }, /no labels/],
    [
      'an unlabelled example',
      { probabilities: Float64Array.of(1, 0), labels: Int32Array.of(-1) },
      /label 0 is -1/,
    ],
    ['a label too large', { probabilities: Float64Array.of(1, 0), labels: Int32Array.of(2) }, /label 0 is 2/],
    ['too few', { probabilities: Float64Array.of(1, 0, 1), labels: Int32Array.of(0, 1) }, /need 4/],
    ['NaN', { probabilities: Float64Array.of(Number.NaN, 1), labels: Int32Array.of(0) }, /NaN/],
    ['scores', { probabilities: Float64Array.of(3, 1), labels: Int32Array.of(0) }, /add up to 4/],
  ])('refuses %s', (_, input, message) => {
    expect(() => classificationScores({ ...input, classes: 2 })).toThrow(message);
  });
});

describe('probabilitiesOf', () => {
  it('adds up to 1 and does not overflow', () => {
    expect([...probabilitiesOf(Float32Array.of(1000, 0, -1000, -1000), 2)]).toEqual([1, 0, 0.5, 0.5]);
    expect(() => probabilitiesOf(Float32Array.of(0, Number.POSITIVE_INFINITY), 2)).toThrow(
      /class 1 is Infinity/,
    );
    expect(() => probabilitiesOf(new Float32Array(3), 2)).toThrow(/3 scores/);
  });
});

describe('regressionScores', () => {
  it('gives the scores of scikit-learn and SciPy', () => {
    const scores = regressionScores(peer);
    for (const key of ['r2', 'pearson', 'spearman'] as const)
      expect(scores[key], key).toBeCloseTo(peer[key], 12);
    expect(scores.mse).toBeCloseTo(scores.rmse ** 2, 12);
  });

  it('is perfect for the truth, and undefined without variation', () => {
    const targets = Float64Array.of(3, 1, 2);
    expect(regressionScores({ predictions: targets, targets })).toMatchObject({
      mse: 0,
      mae: 0,
      r2: 1,
      pearson: 1,
    });
    const flat = regressionScores({ predictions: [1, 1], targets: [0.1, 0.1] });
    expect([flat.r2, flat.pearson, flat.spearman]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(flat.mae).toBeCloseTo(0.9, 12);
    expect(() => regressionScores({ predictions: [1], targets: [] })).toThrow(/1 predictions and 0 targets/);
    expect(() => regressionScores({ predictions: [Number.NaN], targets: [1] })).toThrow(/prediction 0/);
  });
});
