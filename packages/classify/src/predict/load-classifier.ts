import type { Backend } from '@patchbert/backend';
import type { SeriesSet } from '@patchbert/data';
import type { ExportedModel } from '@patchbert/onnx';
import type { FeatureMatrix } from '@patchbert/probe';
import { evaluatePredictor } from '../evaluate/ensemble-results.ts';
import type { MethodResult } from '../evaluate/method-result.ts';
import { truthOf } from '../evaluate/score-predictions.ts';
import { exportStored } from '../export/export-classifier.ts';
import { longerSeriesText } from '../fit/describe-task.ts';
import type { ClassifierFile } from '../store/classifier-file.ts';
import { readClassifier } from '../store/read-classifier.ts';
import { alignChannels } from './align-channels.ts';
import { openPredictor } from './predictor.ts';
import { type SeriesPrediction, seriesPredictions } from './series-prediction.ts';

/** A classifier or regressor that was read back, ready on a backend. */
export interface LoadedClassifier {
  /** What `classifier.json` says: configuration, classes, channels, hashes. */
  readonly file: ClassifierFile;
  /**
   * What to tell of series that the model reads the beginning of, as they are longer than it; undefined when none is.
   *
   * @throws PatchBertError `classify/other-channels`.
   */
  longerText(set: SeriesSet): string | undefined;
  /** One prediction per series. A series is predicted alike alone and among others. */
  predict(set: SeriesSet, onProgress?: (done: number, total: number) => void): Promise<SeriesPrediction[]>;
  /** Vectors `[series, width]` of the first member's encoder, every level's tokens pooled. */
  embed(set: SeriesSet): Promise<FeatureMatrix>;
  /** Scores on labelled series: what predicts, then its readouts. */
  evaluate(set: SeriesSet, onProgress?: (done: number, total: number) => void): Promise<MethodResult[]>;
  /** One ONNX file from raw series to predictions, see `exportClassifier`. */
  exportOnnx(): Promise<ExportedModel>;
  dispose(): void;
}

/**
 * Opens what `fitClassifier` or `fitRegressor` left. Predictions are those of the fit, bit by bit on the same engine.
 *
 * @throws PatchBertError `classify/no-classifier`, `classify/bad-classifier`, `config/invalid`.
 * @example
 * const classifier = await loadClassifier('classifier', backend);
 * const [first] = await classifier.predict(series);
 */
export async function loadClassifier(folder: string, backend: Backend): Promise<LoadedClassifier> {
  const { file, members } = await readClassifier(folder);
  const { target, inputs, config } = file;
  const predictor = await openPredictor(backend, { target, inputs, members, config });
  return {
    file,
    longerText: (set) => longerSeriesText(inputs.model, alignChannels(set, inputs.channels), 'series'),
    predict: async (set, onProgress) => {
      const { ensemble } = await predictor.predict(set, onProgress);
      return seriesPredictions(ensemble, set, target);
    },
    embed: (set) => predictor.embed(set),
    evaluate: async (set, onProgress) => {
      const truth = truthOf(set, target);
      return (await evaluatePredictor(predictor, set, truth, onProgress)).results;
    },
    exportOnnx: () => exportStored({ file, members }),
    dispose: () => predictor.dispose(),
  };
}
