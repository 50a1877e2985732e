import type { EvaluateFlags, PredictFlags } from '../flags/model-flags.ts';
import { outputPlace } from '../output/write-output.ts';
import { type Session, showDone } from '../run/session.ts';
import { refuseFlags } from './model-kind.ts';
import { seriesPredictionsCsv, seriesPredictionsJson } from './series-predictions-text.ts';
import { seriesResultsText } from './series-results-table.ts';
import { withSeriesModel } from './with-series-model.ts';

/** `predict` with a classifier or regressor: what it makes of each series, labels unread. */
export async function predictSeries(model: string, flags: PredictFlags, session: Session): Promise<void> {
  refuseFlags(flags, ['horizon', 'quantiles', 'future'], `"${model}" is no forecaster`);
  const place = await outputPlace(flags.output, session.stdout);
  await withSeriesModel(model, flags, 'predict', session, async (loaded, series) => {
    const predictions = await loaded.predict(series, showDone('series', session));
    const { target } = loaded.file;
    const text =
      flags.format === 'json'
        ? seriesPredictionsJson(predictions, target)
        : seriesPredictionsCsv(predictions, target);
    session.closeProgress();
    await place.write(text);
  });
}

/** `evaluate` with a classifier or regressor: scores on series whose class or value is known. */
export async function evaluateSeries(model: string, flags: EvaluateFlags, session: Session): Promise<void> {
  refuseFlags(flags, ['split'], `"${model}" is no forecaster, it scores all series of a file`);
  await withSeriesModel(model, flags, 'score', session, async (loaded, series) => {
    const results = await loaded.evaluate(series, showDone('series', session));
    session.finish(`${seriesResultsText(results)}\n`, { results });
  });
}
