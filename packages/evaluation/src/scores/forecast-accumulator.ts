import { checkWhole } from '../check-whole.ts';
import { centralIntervals, checkLevels } from '../metrics/quantile-levels.ts';
import { addPoints, addQuantiles, checkNumbers } from './add-window.ts';
import type { ForecastScores } from './forecast-scores.ts';
import { checkWindow, type ForecastWindow } from './forecast-window.ts';
import { addSums, emptySums, type ScoreSums, scoresOf } from './score-sums.ts';
import { emptySteps, stepScoresOf } from './step-sums.ts';

export interface ForecastAccumulatorOptions {
  /** Steps of each forecast. */
  readonly horizon: number;
  /** Number of channels; a window names its own by index. */
  readonly channels: number;
  /** Levels of the quantiles that each window brings, in (0, 1), ascending; default none. */
  readonly quantileLevels?: readonly number[] | undefined;
}

/** Gathers forecasts one window at a time and scores them all at once. */
export interface ForecastAccumulator {
  /** Adds one window; its arrays are not kept. A window that is refused changes nothing. */
  add(window: ForecastWindow): void;
  /** The scores of what was added so far; more may be added afterwards. */
  result(): ForecastScores;
}

/**
 * Scores forecasts as a stream: nothing but sums is kept, every measured point weighs the same, and neither the order
 * of windows nor how they were batched changes a score by more than 1e-9 of it.
 *
 * @returns `add` throws `evaluation/bad-window`, `evaluation/bad-scale` (a scale that is not above 0) and
 * `evaluation/not-finite` (a forecast that is no number where the truth was measured).
 * @throws PatchBertError `evaluation/bad-option`, `evaluation/bad-levels`.
 * @example
 * const scores = createForecastAccumulator({ horizon: 2, channels: 1 });
 * scores.add({ channel: 0, prediction: Float32Array.of(1, 2), target: Float32Array.of(1, 4), scale: 2 });
 * scores.result().mse; // 0.5
 */
export function createForecastAccumulator(options: ForecastAccumulatorOptions): ForecastAccumulator {
  const { horizon, channels } = options;
  const levels = [...(options.quantileLevels ?? [])];
  checkWhole('createForecastAccumulator', 'horizon', horizon);
  checkWhole('createForecastAccumulator', 'channels', channels);
  checkLevels('createForecastAccumulator', levels);
  const intervals = centralIntervals(levels);
  const sums = new Map<number, ScoreSums>();
  const steps = emptySteps(horizon, intervals.length);
  const empty = () => emptySums(levels.length, intervals.length);

  return {
    add(window) {
      checkWindow(window, { horizon, channels, levels: levels.length });
      checkNumbers(window);
      const ofChannel = sums.get(window.channel) ?? empty();
      sums.set(window.channel, ofChannel);
      addPoints(ofChannel, steps, window);
      if (window.quantiles) addQuantiles(ofChannel, steps, window, window.quantiles, levels, intervals);
    },
    result() {
      const ascending = [...sums].sort(([a], [b]) => a - b);
      const all = empty();
      for (const [, ofChannel] of ascending) addSums(all, ofChannel);
      return {
        ...scoresOf(all, intervals),
        perStep: stepScoresOf(steps, levels.length, intervals),
        perChannel: ascending.map(([channel, own]) => ({ channel, ...scoresOf(own, intervals) })),
      };
    },
  };
}
