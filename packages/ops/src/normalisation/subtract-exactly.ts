import * as tf from '@tensorflow/tfjs-core';

/**
 * `x - values` to the last digits of float32 where the values, such as means that were fitted in float64, are no float32 numbers: the
 * nearest ones are subtracted first, then what they leave.
 *
 * @param x `[..., C]` of any shape that broadcasts with `shape`.
 * @param shape of the values.
 * @example
 * const centred = subtractExactly(x, [101325.37], [1, 1]); // x [S, 1]
 */
export function subtractExactly(
  x: tf.Tensor,
  values: readonly number[],
  shape: readonly number[],
): tf.Tensor {
  const near = values.map(Math.fround);
  const rest = values.map((value, i) => value - near[i]!);
  const part = (numbers: readonly number[]) => tf.tensor([...numbers], [...shape], 'float32');
  return tf.tidy(() => tf.sub(tf.sub(x, part(near)), part(rest)));
}
