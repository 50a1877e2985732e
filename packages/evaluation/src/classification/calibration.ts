import { checkLabels, checkProbabilities } from './check-classes.ts';
import { predictedClasses } from './probabilities-of.ts';

/** The examples whose largest probability lies in one bin. */
export interface CalibrationBin {
  readonly count: number;
  /** Mean of their largest probability. */
  readonly confidence: number;
  /** Share of them predicted right. */
  readonly accuracy: number;
}

const BINS = 15;

/**
 * How often predictions are right, by how sure they are: 15 bins of equal width over the largest probability, upper edges
 * included; bins without examples are left out.
 *
 * @param probabilities `[count, classes]`.
 * @throws PatchBertError `evaluation/bad-labels`, `evaluation/bad-probabilities`.
 * @example
 * calibrationBins(Float32Array.of(0.9, 0.1, 0.7, 0.3), Int32Array.of(0, 1), 2); // two bins of one example
 */
export function calibrationBins(
  probabilities: Float32Array | Float64Array,
  labels: Int32Array,
  classes: number,
): CalibrationBin[] {
  checkLabels('calibrationBins', labels, classes);
  checkProbabilities('calibrationBins', probabilities, labels.length, classes);
  const sums = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, right: 0 }));
  predictedClasses(probabilities, classes).forEach((predicted, i) => {
    const confidence = probabilities[i * classes + predicted]!;
    const bin = sums[Math.min(BINS, Math.max(1, Math.ceil(confidence * BINS))) - 1]!;
    bin.count += 1;
    bin.confidence += confidence;
    bin.right += predicted === labels[i] ? 1 : 0;
  });
  return sums
    .filter(({ count }) => count > 0)
    .map(({ count, confidence, right }) => ({
      count,
      confidence: confidence / count,
      accuracy: right / count,
    }));
}

/** Expected calibration error (Naeini et al. 2015): the mean distance between confidence and accuracy over all examples. */
export function calibrationErrorOf(bins: readonly CalibrationBin[]): number {
  let sum = 0;
  let total = 0;
  for (const { count, confidence, accuracy } of bins) {
    sum += count * Math.abs(confidence - accuracy);
    total += count;
  }
  return sum / total;
}
