import * as tf from '@tensorflow/tfjs-core';
import { between } from '../model/residual-quantiles.ts';
import type { RawForecast } from './raw-forecast.ts';

/**
 * How far each quantile lies from the forecast in deviations of the context: `[S, H, Q]` from what a quantile head says of its own
 * levels (`own`, `[S, H, K]`), else `[C, H, Q]` from the residuals of validation. Levels between known ones lie on the straight line.
 */
export function quantileOffsets(
  { model: { network, residuals, horizon }, channels, quantileLevels }: RawForecast,
  own: tf.Tensor | undefined,
): tf.Tensor {
  if (own) {
    const known = network!.head.quantileLevels!;
    const weights = interpolation(known, quantileLevels);
    const series = own.shape[0]!;
    const rows = tf.reshape(own, [series * horizon, known.length]) as tf.Tensor2D; // [S, H, K] -> [S*H, K]
    const matrix = tf.tensor2d(weights.flat(), [known.length, quantileLevels.length]);
    return tf.reshape(tf.matMul(rows, matrix), [series, horizon, quantileLevels.length]); // [S*H, Q] -> [S, H, Q]
  }
  const { levels, values, groups } = residuals!;
  const places = quantileLevels.map((level) => between(levels, level));
  const offsets = channels.flatMap((channel) => {
    const first = (groups > 1 ? channel : 0) * levels.length;
    const at = (level: number, h: number) => values[(first + level) * horizon + h]!;
    return Array.from({ length: horizon }, (_, h) =>
      places.map(({ below, above, share }) => at(below, h) + share * (at(above, h) - at(below, h))),
    );
  });
  return tf.tensor3d(offsets.flat(), [channels.length, horizon, quantileLevels.length]);
}

/** `[K][Q]`: how much of each known level goes into each level asked for. */
function interpolation(known: readonly number[], levels: readonly number[]): number[][] {
  const weights = known.map(() => levels.map(() => 0));
  levels.forEach((level, q) => {
    const { below, above, share } = between(known, level);
    weights[below]![q]! += 1 - share;
    weights[above]![q]! += share;
  });
  return weights;
}
