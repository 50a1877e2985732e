import type { ClassPrediction } from '@patchbert/classify';
import type { SeriesSet } from '@patchbert/data';
import type { BackendOption } from './backend/open-backend.ts';
import type { SeriesFitOptions } from './series/series-fit-options.ts';
import { fitSeriesParts, loadSeriesParts, SeriesModel, type SeriesProgress } from './series/series-model.ts';

/**
 * A fitted classifier of whole series with its backend: fit or load one, use it, dispose of it.
 *
 * @example
 * const train = await readSeriesSet('vowels_TRAIN.ts');
 * const classifier = await Classifier.fit(train, { test: await readSeriesSet('vowels_TEST.ts') });
 * const labels = await classifier.predict(recordings);
 * await classifier.save('vowels');
 * await classifier.dispose();
 */
export class Classifier extends SeriesModel {
  /**
   * Pretrains on the training series without their labels, fine-tunes on the labels, and scores once on the test series if there
   * are any. The same series, options and engine give the same bits; the order of the series does not change the classes.
   *
   * @throws PatchBertError `config/invalid`, `data/...`, `classify/...`, `series/...`, `train/...`, `backend/...`;
   * `classify/interrupted` when the signal stops it.
   */
  static async fit(train: SeriesSet, options: SeriesFitOptions = {}): Promise<Classifier> {
    return new Classifier(await fitSeriesParts('class', train, options));
  }

  /**
   * Opens the folder that `fit`, `save` or `patchbert-finetune classify` left.
   *
   * @throws PatchBertError `classify/no-classifier`, `classify/bad-classifier`, `patchbert/other-kind`, `config/invalid`,
   * `backend/unknown`, `backend/unavailable`.
   */
  static async load(folder: string, options: BackendOption = {}): Promise<Classifier> {
    return new Classifier(await loadSeriesParts('class', folder, options));
  }

  /** Its classes, as numbers when all are, else by code point; the order of probabilities. */
  get classes(): readonly string[] {
    const { target } = this.file;
    return target.kind === 'class' ? target.classes : [];
  }

  /**
   * The most probable class of each series. A series is predicted alike alone and among others.
   *
   * @throws PatchBertError `classify/other-channels`, `patchbert/disposed`.
   */
  async predict(series: SeriesSet, options: SeriesProgress = {}): Promise<string[]> {
    const predictions = await this.predictions('predict', series, options);
    return predictions.map((one) => (one as ClassPrediction).label);
  }

  /**
   * The probability of each class, for each series: `[series][classes]`, in the order of `classes`.
   *
   * @throws PatchBertError `classify/other-channels`, `patchbert/disposed`.
   */
  async predictProba(series: SeriesSet, options: SeriesProgress = {}): Promise<(readonly number[])[]> {
    const predictions = await this.predictions('predictProba', series, options);
    return predictions.map((one) => (one as ClassPrediction).probabilities);
  }
}
