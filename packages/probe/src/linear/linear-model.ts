import { PatchBertError } from '@patchbert/errors';
import { checkFeatures, type FeatureMatrix } from './feature-matrix.ts';

/** `scores = features * weight' + bias`, on raw features: any standardisation is folded in. */
export interface LinearModel {
  readonly outputs: number;
  readonly columns: number;
  /** `[outputs, columns]`, row-major. */
  readonly weight: Float32Array;
  /** `[outputs]`. */
  readonly bias: Float32Array;
}

/**
 * The scores of every row, `[rows, outputs]` row-major, each row by itself, summed in float64.
 *
 * @throws PatchBertError `probe/bad-features`, also for another number of columns than the model was fitted on.
 * @example
 * const scores = applyLinear(model, { rows: 2, columns: 3, values: new Float32Array(6) }); // [2 * outputs]
 */
export function applyLinear(model: LinearModel, features: FeatureMatrix): Float64Array {
  checkFeatures('applyLinear', features, 0);
  const { rows, columns, values } = features;
  const { outputs, weight, bias } = model;
  if (columns !== model.columns) {
    throw new PatchBertError(
      'probe/bad-features',
      `applyLinear: the features have ${columns} columns, the model was fitted on ${model.columns}; make both alike.`,
    );
  }
  const scores = new Float64Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = bias[output]!;
      for (let j = 0; j < columns; j++) sum += values[row * columns + j]! * weight[output * columns + j]!;
      scores[row * outputs + output] = sum;
    }
  }
  return scores;
}
