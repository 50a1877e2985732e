import type { Predictions } from '../model/predictor.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastSample } from '../task/forecast-windows.ts';
import { nothingToScore } from './nothing-to-score.ts';
import { pointErrors } from './point-errors.ts';

/**
 * Mean squared error over the observed points of some validation samples, on the scale that is scored.
 *
 * @throws PatchBertError `forecast/nothing-to-score` when no target was measured.
 */
export function validationError(
  task: ForecastTask,
  samples: readonly ForecastSample[],
  { forecast }: Predictions,
  horizon: number,
): number {
  const { panel, units, contextLength } = task;
  let [sum, count] = [0, 0];
  samples.forEach(({ segment, channel, start }, s) => {
    const origin = start + contextLength;
    const target = panel.frame.columns[channel]!.subarray(origin, origin + horizon);
    const prediction = forecast.subarray(s * horizon, (s + 1) * horizon);
    const { squares, points } = pointErrors(prediction, target, units[segment]!.scale[channel]!);
    sum += squares;
    count += points;
  });
  if (count === 0) throw nothingToScore(task, 'validation');
  return sum / count;
}
