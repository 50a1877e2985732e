import { defined } from '@patchbert/command-line';
import { required } from '../commands/required.ts';
import type { EvaluateFlags } from '../flags/model-flags.ts';
import { resultsText } from '../output/results-table.ts';
import { isSeriesModel } from '../series/model-kind.ts';
import { evaluateSeries } from '../series/run-series-use.ts';
import { scoredData } from './scored-data.ts';
import { type Session, showDone } from './session.ts';
import { modelAdvice, withForecaster } from './with-forecaster.ts';

/** `patchbert-finetune evaluate`: scores a forecaster beside the baselines, or a classifier or regressor. */
export async function runEvaluate(flags: EvaluateFlags, session: Session): Promise<void> {
  const model = required(flags, 'model', modelAdvice);
  if (await isSeriesModel(model)) return evaluateSeries(model, flags, session);
  await withForecaster(model, flags, session, async (forecaster, data, { split }) => {
    const results = await forecaster.evaluate(await scoredData(model, forecaster, data, split, flags.split), {
      ...defined({ part: flags.split }),
      onProgress: showDone('windows', session),
    });
    session.finish(`${resultsText(results)}\n`, { results });
  });
}
