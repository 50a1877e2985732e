import { defined } from '@patchbert/command-line';
import { type Frame, futureTimes } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { LoadedForecaster } from '@patchbert/forecast';
import { required } from '../commands/required.ts';
import type { PredictFlags } from '../flags/model-flags.ts';
import { forecastCsv } from '../output/forecast-csv.ts';
import { forecastJson } from '../output/forecast-json.ts';
import { outputPlace } from '../output/write-output.ts';
import { openSource } from '../source/open-source.ts';
import type { Session } from './session.ts';
import { modelAdvice, withForecaster } from './with-forecaster.ts';

/** `patchbert-finetune predict`: what comes after the last row of the data, in its own units. */
export async function runPredict(flags: PredictFlags, session: Session): Promise<void> {
  const model = required(flags, 'model', modelAdvice);
  const place = await outputPlace(flags.output, session.stdout);
  await withForecaster(model, flags, session, async (forecaster, { frame, segments }) => {
    const future = await openFuture(flags, forecaster, frame);
    const forecasts = await forecaster.predict(
      { frame, ...defined({ segments }) },
      { quantileLevels: flags.quantiles ?? [], ...defined({ horizon: flags.horizon, future }) },
    );
    const text = flags.format === 'json' ? forecastJson(forecasts) : forecastCsv(forecasts);
    session.closeProgress();
    await place.write(text);
  });
}

/** The covariates of the rows to come, checked to begin where the data end. */
async function openFuture(
  { future: source, timeColumn, delimiter, header }: PredictFlags,
  { file }: LoadedForecaster,
  frame: Frame,
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
  const opened = await openSource(
    { source, channels, ...defined({ timeColumn, delimiter, header }) },
    undefined,
  );
  const [first] = opened.frame.times ?? [];
  const [next] = frame.times === undefined ? [] : futureTimes(frame, 1);
  if (first !== undefined && next !== undefined && first !== next) {
    throw new PatchBertError(
      'finetune/future',
      `--future "${source}" begins at ${new Date(first).toISOString()}; expected ${new Date(next).toISOString()}, the row after the last one of the data.`,
    );
  }
  return opened.frame;
}
