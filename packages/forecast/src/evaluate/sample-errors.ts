import type { Predictions } from '../model/predictor.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastSample } from '../task/forecast-windows.ts';

/** Mean squared error over the observed points of some samples, on the scale that is scored. */
export function sampleErrors(
  { panel, units, contextLength }: ForecastTask,
  samples: readonly ForecastSample[],
  { forecast }: Predictions,
  horizon: number,
): number {
  let [sum, count] = [0, 0];
  samples.forEach(({ segment, channel, start }, s) => {
    const scale = units[segment]!.scale[channel]!;
    const origin = start + contextLength;
    const truth = panel.frame.columns[channel]!.subarray(origin, origin + horizon);
    for (let h = 0; h < horizon; h++) {
      if (Number.isNaN(truth[h])) continue;
      sum += ((forecast[s * horizon + h]! - truth[h]!) / scale) ** 2;
      count++;
    }
  });
  return sum / count;
}
