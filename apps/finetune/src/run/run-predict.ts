import { defined } from '@patchbert/command-line';
import type { Frame } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { LoadedForecaster } from '@patchbert/forecast';
import { required } from '../commands/required.ts';
import type { PredictFlags } from '../flags/model-flags.ts';
import { forecastCsv } from '../output/forecast-csv.ts';
import { forecastJson } from '../output/forecast-json.ts';
import { outputPlace } from '../output/write-output.ts';
import { isSeriesModel } from '../series/model-kind.ts';
import { predictSeries } from '../series/run-series-use.ts';
import { openSource } from '../source/open-source.ts';
import type { DataConfig } from './forecast-request.ts';
import type { Session } from './session.ts';
import { modelAdvice, withForecaster } from './with-forecaster.ts';

/** `patchbert-finetune predict`: what comes after the last row of the data, in its own units; or the class or value of each series. */
export async function runPredict(flags: PredictFlags, session: Session): Promise<void> {
  const model = required(flags, 'model', modelAdvice);
  if (await isSeriesModel(model)) return predictSeries(model, flags, session);
  const place = await outputPlace(flags.output, session.stdout);
  await withForecaster(model, flags, session, async (forecaster, { frame, segments }, request) => {
    const future = await openFuture(flags.future, forecaster, request);
    const forecasts = await forecaster.predict(
      { frame, ...defined({ segments }) },
      defined({ horizon: flags.horizon, quantileLevels: flags.quantiles, future }),
    );
    const text = flags.format === 'json' ? forecastJson(forecasts) : forecastCsv(forecasts);
    session.closeProgress();
    await place.write(text);
  });
}

/** The covariates of the rows to come, read as the data are. */
async function openFuture(
  source: string | undefined,
  { file }: LoadedForecaster,
  read: DataConfig,
): Promise<Frame | undefined> {
  const channels = file.exogenous.covariates.map(({ name }) => name);
  if (source === undefined) {
    if (channels.length === 0) return undefined;
    throw new PatchBertError(
      'finetune/future',
      `this forecaster knows ${channels.join(', ')} beforehand: name a file with the rows to come behind --future.`,
    );
  }
  if (channels.length === 0) {
    throw new PatchBertError(
      'finetune/future',
      '--future does not apply: this forecaster was fitted without covariates; leave it out.',
    );
  }
  const { timeColumn, delimiter, header, missing } = read;
  const request = { source, channels, ...defined({ timeColumn, delimiter, header, missing }) };
  return (await openSource(request, undefined)).frame;
}
