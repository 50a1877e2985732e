import { defined } from '@patchbert/command-line';
import { required } from '../commands/required.ts';
import type { BacktestFlags } from '../flags/model-flags.ts';
import { resultsText } from '../output/results-table.ts';
import { scoredData } from './scored-data.ts';
import { type Session, showDone } from './session.ts';
import { modelAdvice, withForecaster } from './with-forecaster.ts';

/** `patchbert-finetune backtest`: forecasts again and again through the test rows, as it would have been done in its time. */
export async function runBacktest(flags: BacktestFlags, session: Session): Promise<void> {
  const model = required(flags, 'model', modelAdvice);
  await withForecaster(model, flags, session, async (forecaster, data, { split }) => {
    const result = await forecaster.backtest(await scoredData(model, forecaster, data, split), {
      ...defined({ horizon: flags.horizon, stride: flags.stride, refitEvery: flags.refitEvery }),
      onProgress: showDone('origins', session),
    });
    session.finish(`${resultsText([result])}\n`, { result });
  });
}
