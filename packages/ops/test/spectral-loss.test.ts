import { spectralLoss, weightedMeanAbsoluteError } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { expectGradientMatchesDifferences, expectTensorsLeft, normalTensor } from './gradient-check.ts';

const value = (loss: tf.Tensor) => loss.dataSync()[0]!;

describe.each([1, 2, 7, 8])('spectralLoss of %d points', (length) => {
  const prediction = normalTensor([13, length], [2, 3, length]);
  const target = normalTensor([14, length], [2, 3, length]);
  const weight = tf.step(normalTensor([15, length], [2, 3, length]));

  it('sums the absolute coefficients of the real Fourier transform of what counts', () => {
    const difference = tf.mul(tf.sub(prediction, target), weight);
    let sum = 0;
    for (const row of (tf.reshape(difference, [6, length]) as tf.Tensor2D).arraySync()) {
      for (let k = 0; 2 * k <= length; k++) {
        const norm = Math.sqrt((k === 0 || 2 * k === length ? 1 : 2) / length);
        const angle = (t: number) => (2 * Math.PI * k * t) / length;
        sum += Math.abs(norm * row.reduce((total, x, t) => total + x * Math.cos(angle(t)), 0));
        sum += Math.abs(norm * row.reduce((total, x, t) => total + x * Math.sin(angle(t)), 0));
      }
    }
    const count = Math.max(1, value(tf.sum(weight)));
    expect(value(spectralLoss(prediction, target, weight))).toBeCloseTo(sum / count, 4);
  });

  it('agrees with central differences', () => {
    expectGradientMatchesDifferences((p) => spectralLoss(p!, target, weight), [tf.mul(prediction, 30)]);
  });
});

describe('spectralLoss', () => {
  const noise = normalTensor([16, 1], [500, 16]);
  const nothing = tf.zeros([500, 16]);

  it('costs as much as the absolute error of white noise, less of a pure wave', () => {
    const absolute = value(weightedMeanAbsoluteError(noise, nothing, tf.ones([1])));
    expect(value(spectralLoss(noise, nothing, tf.ones([1]))) / absolute).toBeCloseTo(1, 1);
    const wave = tf.cos(tf.mul(tf.range(0, 16), (2 * Math.PI * 3) / 16));
    const ofWave = value(spectralLoss(wave, tf.zeros([16]), tf.ones([16])));
    expect(ofWave).toBeCloseTo(Math.sqrt(8) / 16, 5);
    expect(ofWave).toBeLessThan(value(weightedMeanAbsoluteError(wave, tf.zeros([16]), tf.ones([16]))));
  });

  it('is 0 with gradient 0 where nothing counts, and does not see what stands there', () => {
    const loss = (p: tf.Tensor) => spectralLoss(p, nothing, tf.zeros([1]));
    expect(value(loss(noise))).toBe(0);
    expect(
      tf
        .grad(loss)(noise)
        .dataSync()
        .every((slope) => slope === 0),
    ).toBe(true);
    const weight = tf.step(noise);
    const poisoned = tf.mul(tf.sub(1, weight), 1e6);
    expect(value(spectralLoss(noise, poisoned, weight))).toBe(value(spectralLoss(noise, nothing, weight)));
  });

  it('refuses shapes that do not fit', () => {
    expect(() => spectralLoss(noise, tf.ones([500, 15]), tf.ones([1]))).toThrow(/target \[500,15\]/);
  });

  it('leaves its result alone', () => expectTensorsLeft(1, () => spectralLoss(noise, nothing, noise)));
});
