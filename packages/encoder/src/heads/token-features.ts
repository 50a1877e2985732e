import * as tf from '@tensorflow/tfjs-core';
import type { ForecastHeadConfig } from './forecast-head-config.ts';

/** What a head makes of the tokens of each series: `[S, N, D] -> [S, N*D]` (patch by patch) for `flatten`, else `[S, D]`. */
export function tokenFeatures(
  tokens: tf.Tensor3D,
  { kind, pooling = 'mean' }: Pick<ForecastHeadConfig, 'kind' | 'pooling'>,
): tf.Tensor2D {
  const [series, count, width] = tokens.shape;
  if (kind === 'flatten') return tf.reshape(tokens, [series, count * width]) as tf.Tensor2D; // [S, N, D] -> [S, N*D]
  switch (pooling) {
    case 'mean':
      return tf.mean(tokens, 1); // [S, N, D] -> [S, D]
    case 'max':
      return tf.max(tokens, 1); // [S, N, D] -> [S, D]
    case 'last': {
      const last = tf.slice(tokens, [0, count - 1, 0], [series, 1, width]); // [S, N, D] -> [S, 1, D]
      return tf.reshape(last, [series, width]) as tf.Tensor2D; // [S, 1, D] -> [S, D]
    }
  }
}
