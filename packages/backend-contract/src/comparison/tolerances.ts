/**
 * Allowed errors against the float64 reference, as `largestError` counts them. tfjs in plain JavaScript and ONNX Runtime on a
 * processor stay below 3e-6 after one step and 4e-6 after twenty, in every training run of the contract; the rest is room for
 * engines whose exponentials, roots and sums are less exact.
 */

/** Outputs of a forward pass, and outputs and state after one training step. */
export const ONE_STEP = 2e-5;

/** After twenty training steps. */
export const TWENTY_STEPS = 2e-4;

/** A forward pass of an engine of half precision, which has 11 bits: enough for predictions, not for training. */
export const HALF_PRECISION = 2e-2;

/** After any number of training steps: rounding errors add up about step by step. */
export function toleranceAfter(steps: number): number {
  return Math.max(ONE_STEP, (TWENTY_STEPS * steps) / 20);
}
