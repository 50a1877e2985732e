import { PatchBertError } from '@patchbert/errors';
import { checkWhole } from '../check-whole.ts';

/**
 * Softmax of each row of `[count, classes]` scores, in float64; large scores do not overflow.
 *
 * @throws PatchBertError `evaluation/bad-option` for sizes that do not fit, `evaluation/bad-probabilities` for a score that
 *   is not finite.
 * @example
 * probabilitiesOf(Float32Array.of(0, 0, 1000, 0), 2); // [0.5, 0.5, 1, 0]
 */
export function probabilitiesOf(scores: Float32Array | Float64Array, classes: number): Float64Array {
  checkRows('probabilitiesOf', scores, classes);
  const probabilities = new Float64Array(scores.length);
  for (let start = 0; start < scores.length; start += classes) {
    let largest = -Infinity;
    for (let at = start; at < start + classes; at++) {
      if (!Number.isFinite(scores[at])) {
        throw new PatchBertError(
          'evaluation/bad-probabilities',
          `probabilitiesOf: the score of example ${start / classes}, class ${at - start} is ${scores[at]}; expected a finite number.`,
        );
      }
      largest = Math.max(largest, scores[at]!);
    }
    let sum = 0;
    for (let at = start; at < start + classes; at++) {
      probabilities[at] = Math.exp(scores[at]! - largest);
      sum += probabilities[at]!;
    }
    for (let at = start; at < start + classes; at++) probabilities[at]! /= sum;
  }
  return probabilities;
}

/**
 * The class with the largest score of each row of `[count, classes]`, the first of equals.
 *
 * @throws PatchBertError `evaluation/bad-option` for sizes that do not fit.
 * @example
 * predictedClasses(Float32Array.of(0.2, 0.8, 0.6, 0.4), 2); // [1, 0]
 */
export function predictedClasses(scores: Float32Array | Float64Array, classes: number): Int32Array {
  checkRows('predictedClasses', scores, classes);
  return Int32Array.from({ length: scores.length / classes }, (_, i) => {
    let best = 0;
    for (let k = 1; k < classes; k++) if (scores[i * classes + k]! > scores[i * classes + best]!) best = k;
    return best;
  });
}

function checkRows(where: string, scores: ArrayLike<number>, classes: number): void {
  checkWhole(where, 'classes', classes);
  if (scores.length % classes !== 0) {
    throw new PatchBertError(
      'evaluation/bad-option',
      `${where}: ${scores.length} scores do not divide into rows of ${classes} classes.`,
    );
  }
}
