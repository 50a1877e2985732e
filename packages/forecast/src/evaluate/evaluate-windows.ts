import type { Predictor } from '../model/predictor.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { type ForecastWindows, forecastWindows } from '../task/forecast-windows.ts';
import { type HorizonResult, verdictOf } from './horizon-result.ts';
import { type ScoringOptions, startScoring } from './scoring.ts';

/** Samples that are predicted and scored at a time, so that memory stays bounded. */
const CHUNK = 2048;

export interface EvaluateOptions extends ScoringOptions {
  /** Other windows than all of the part, such as those of a backtest. */
  readonly windows?: ForecastWindows | undefined;
  /** Told about samples that are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * Scores a model and the baselines on exactly the same windows of a part: every one, every scored channel.
 *
 * @throws PatchBertError `data/too-few-rows`; `forecast/nothing-to-score` when no target was measured.
 */
export async function evaluateWindows(
  predictor: Predictor,
  task: ForecastTask,
  options: EvaluateOptions,
): Promise<HorizonResult> {
  const began = performance.now();
  const { horizon } = predictor.model;
  const windows = options.windows ?? forecastWindows(task, options.part, horizon);
  const scoring = startScoring(predictor, task, options);
  for (let first = 0; first < windows.count; first += CHUNK) {
    const samples = [];
    for (let i = first; i < Math.min(first + CHUNK, windows.count); i++) samples.push(windows.sample(i));
    await scoring.add(predictor, samples);
    options.onProgress?.(first + samples.length, windows.count);
  }
  const methods = scoring.result();
  return {
    horizon,
    part: options.part,
    windows: windows.windows,
    seasonalPeriod: options.seasonalPeriod,
    methods,
    verdict: verdictOf(methods),
    seconds: (performance.now() - began) / 1000,
  };
}
