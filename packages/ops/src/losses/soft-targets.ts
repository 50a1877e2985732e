import { PatchBertError } from '@patchbert/errors';

export interface SoftTargetsOptions {
  /** Share of the probability that all classes get alike, from 0 and below 1; 0 by default: the label alone. */
  readonly smoothing?: number;
}

/**
 * Class probabilities that `crossEntropy` takes as target: `1 - smoothing` on the label, `smoothing / K` on every class.
 *
 * Szegedy et al.: "Rethinking the Inception architecture for computer vision", CVPR 2016.
 *
 * @param labels `[S]`, whole numbers from 0 to K - 1.
 * @param classes K.
 * @returns `[S * K]`, row after row.
 * @throws PatchBertError `ops/bad-label`, `ops/bad-smoothing`.
 * @example
 * softTargets(Int32Array.of(1), 2, { smoothing: 0.1 }); // [0.05, 0.95]
 */
export function softTargets(
  labels: Int32Array,
  classes: number,
  { smoothing = 0 }: SoftTargetsOptions = {},
): Float32Array {
  if (!(smoothing >= 0 && smoothing < 1)) {
    throw new PatchBertError(
      'ops/bad-smoothing',
      `softTargets: smoothing is ${smoothing}; expected a share from 0 and below 1, such as 0.1.`,
    );
  }
  const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
  labels.forEach((label, series) => {
    if (label < 0 || label >= classes) {
      throw new PatchBertError(
        'ops/bad-label',
        `softTargets: label ${label} of series ${series} is none of ${classes} classes; expected 0 to ${classes - 1}.`,
      );
    }
    targets[series * classes + label] = 1 - smoothing + smoothing / classes;
  });
  return targets;
}
