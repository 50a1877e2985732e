export {
  type ClassifyConfig,
  type ClassifyConfigInput,
  classifyConfigSchema,
} from './config/classify-config.ts';
export type { MethodResult } from './evaluate/method-result.ts';
export type { FitEvent } from './fit/events.ts';
export { equalComputeSteps, type LearningCurve } from './fit/fit-members.ts';
export {
  type FitSeriesModelOptions,
  type FitSeriesModelResult,
  fitClassifier,
  fitRegressor,
} from './fit/fit-series-model.ts';
export type { ClassifyReceipt } from './fit/receipt.ts';
export { type EmbeddedPlane, type EmbeddingMapOptions, embeddingMap } from './map/embedding-map.ts';
export { type LoadedClassifier, loadClassifier } from './predict/load-classifier.ts';
export type { ClassPrediction, SeriesPrediction, ValuePrediction } from './predict/series-prediction.ts';
export type { ClassifierFile } from './store/classifier-file.ts';
