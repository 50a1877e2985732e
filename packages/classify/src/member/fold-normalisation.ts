import type { FeatureMatrix, LinearModel } from '@patchbert/probe';

/**
 * A head that was trained on features normalised by their batch, as one for raw features: normalisation by the statistics of the
 * training series, whole and unaltered, is folded into weights and bias. So nothing is normalised when predicting, and a series
 * is predicted alike in any batch.
 *
 * @param head `weight` `[outputs, columns]` and `bias` `[outputs]`.
 * @param features of the training series.
 */
export function foldNormalisation(
  head: { readonly weight: Float32Array; readonly bias: Float32Array },
  features: FeatureMatrix,
  epsilon: number,
): LinearModel {
  const { columns } = features;
  const outputs = head.bias.length;
  const weight = new Float32Array(outputs * columns);
  const bias = Float64Array.from(head.bias);
  for (let column = 0; column < columns; column++) {
    const { mean, variance } = moments(features, column);
    const deviation = Math.sqrt(variance + epsilon);
    for (let output = 0; output < outputs; output++) {
      const share = head.weight[output * columns + column]! / deviation;
      weight[output * columns + column] = share;
      bias[output]! -= share * mean;
    }
  }
  return { weight, bias: Float32Array.from(bias), outputs, columns };
}

function moments({ values, rows, columns }: FeatureMatrix, column: number) {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += values[row * columns + column]!;
  const mean = sum / rows;
  let squares = 0;
  for (let row = 0; row < rows; row++) squares += (values[row * columns + column]! - mean) ** 2;
  return { mean, variance: squares / rows };
}
