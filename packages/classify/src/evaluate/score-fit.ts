import type { Backend } from '@patchbert/backend';
import type { SeriesSet } from '@patchbert/data';
import type { ClassifyConfig } from '../config/classify-config.ts';
import type { FitEvent } from '../fit/events.ts';
import type { Ensemble } from '../fit/fit-comparisons.ts';
import type { Member } from '../member/member.ts';
import { openPredictor, type Predictions, type Predictor } from '../predict/predictor.ts';
import type { SeriesTask } from '../task/series-task.ts';
import { baselineResults } from './baseline-results.ts';
import { ensembleResult, evaluatePredictor } from './ensemble-results.ts';
import type { MethodResult } from './method-result.ts';
import { type Truth, truthOf } from './score-predictions.ts';

export interface ScoreFitOptions {
  readonly task: SeriesTask;
  readonly config: ClassifyConfig;
  readonly ensembles: { readonly ours: readonly Member[]; readonly others: readonly Ensemble[] };
  readonly test: SeriesSet;
  readonly backend: Backend;
  readonly onEvent: (event: FitEvent) => void;
}

/** Every method on the test series, once: what predicts, its parts, what it is compared with, and simple methods. */
export async function scoreFit(
  options: ScoreFitOptions,
): Promise<{ readonly results: readonly MethodResult[]; readonly predictions: Predictions }> {
  const { task, config, ensembles, test, onEvent } = options;
  const truth = truthOf(test, task.target);
  onEvent({ type: 'stage', text: `every one of ${test.series.length} test series` });
  const ours = await withPredictor(options, ensembles.ours, (predictor) =>
    evaluatePredictor(predictor, test, truth, (done, total) =>
      onEvent({ type: 'progress', what: 'test', done, total }),
    ),
  );
  const others: MethodResult[] = [];
  for (const { method, kind, members } of ensembles.others) {
    const predictions = await withPredictor(options, members, (predictor) => predictor.predict(test));
    others.push(ensembleResult(method, kind, predictions, truth));
  }
  const baselines = config.baselines ? scoreBaselines(options, truth) : [];
  return { results: [...ours.results, ...others, ...baselines], predictions: ours.predictions };
}

async function withPredictor<T>(
  { task, config, backend }: ScoreFitOptions,
  members: readonly Member[],
  use: (predictor: Predictor) => Promise<T>,
): Promise<T> {
  const { target, inputs } = task;
  const predictor = await openPredictor(backend, { target, inputs, members, config });
  try {
    return await use(predictor);
  } finally {
    predictor.dispose();
  }
}

function scoreBaselines({ task, test, onEvent }: ScoreFitOptions, truth: Truth): MethodResult[] {
  onEvent({ type: 'stage', text: 'simple methods' });
  return baselineResults(task, test, truth).filter((result): result is MethodResult => {
    if (!('skipped' in result)) return true;
    onEvent({ type: 'warning', message: `${result.method} was not run: ${result.skipped}.` });
    return false;
  });
}
