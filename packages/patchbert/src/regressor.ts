import type { ValuePrediction } from '@patchbert/classify';
import type { SeriesSet } from '@patchbert/data';
import type { BackendOption } from './backend/open-backend.ts';
import type { SeriesFitOptions } from './series/series-fit-options.ts';
import { fitSeriesParts, loadSeriesParts, SeriesModel, type SeriesProgress } from './series/series-model.ts';

/**
 * A fitted predictor of one number per whole series with its backend: fit or load one, use it, dispose of it.
 *
 * @example
 * const regressor = await Regressor.fit(await readSeriesSet('rooms_TRAIN.ts'));
 * const values = await regressor.predict(recordings);
 * await regressor.dispose();
 */
export class Regressor extends SeriesModel {
  /**
   * As `Classifier.fit`, for the `targets` of the series.
   *
   * @throws PatchBertError as `Classifier.fit`; `classify/no-targets`.
   */
  static async fit(train: SeriesSet, options: SeriesFitOptions = {}): Promise<Regressor> {
    return new Regressor(await fitSeriesParts('value', train, options));
  }

  /**
   * Opens the folder that `fit`, `save` or `patchbert-finetune regress` left.
   *
   * @throws PatchBertError as `Classifier.load`.
   */
  static async load(folder: string, options: BackendOption = {}): Promise<Regressor> {
    return new Regressor(await loadSeriesParts('value', folder, options));
  }

  /**
   * The number of each series, in the unit of the training targets. A series is predicted alike alone and among others.
   *
   * @throws PatchBertError `classify/other-channels`, `patchbert/disposed`.
   */
  async predict(series: SeriesSet, options: SeriesProgress = {}): Promise<Float64Array> {
    const predictions = await this.predictions('predict', series, options);
    return Float64Array.from(predictions, (one) => (one as ValuePrediction).value);
  }
}
