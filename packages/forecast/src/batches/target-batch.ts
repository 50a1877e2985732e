import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastSample } from '../task/forecast-windows.ts';
import type { ContextBatch } from './forecast-batch.ts';

/** What contexts are followed by, in their own normalised units. */
export interface TargetBatch {
  /** `[S * horizon]`: (y - mean) / deviation of the context; 0 where nothing was observed. */
  readonly targets: Float32Array;
  /** `[S * horizon]`: 1 where the target was observed. */
  readonly observed: Uint8Array;
  /**
   * `[S]`: (deviation / deviation of the channel over the training rows)^2, so that a squared error times it is one on the
   * scale that is scored; 0 for padding and for a context without deviation.
   */
  readonly weights: Float32Array;
}

/** Reads the `horizon` rows after each context. */
export function targetBatch(
  { panel, contextLength, units }: ForecastTask,
  samples: readonly ForecastSample[],
  { means, deviations }: ContextBatch,
  horizon: number,
): TargetBatch {
  const size = means.length;
  const targets = new Float32Array(size * horizon);
  const observed = new Uint8Array(size * horizon);
  const weights = new Float32Array(size);
  samples.forEach(({ segment, channel, start }, s) => {
    const deviation = deviations[s]!;
    const origin = start + contextLength;
    const values = panel.frame.columns[channel]!.subarray(origin, origin + horizon);
    const factor = deviation > 0 ? 1 / deviation : 0;
    for (let h = 0; h < horizon; h++) {
      const value = values[h]!;
      if (Number.isNaN(value)) continue;
      observed[s * horizon + h] = 1;
      targets[s * horizon + h] = (value - means[s]!) * factor;
    }
    weights[s] = (deviation / units[segment]!.scale[channel]!) ** 2;
  });
  return { targets, observed, weights };
}
