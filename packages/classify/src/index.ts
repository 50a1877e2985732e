export {
  type ClassifyChoices,
  type ClassifyConfig,
  type ClassifyConfigInput,
  classifyConfigSchema,
} from './config/classify-config.ts';
export type { MethodResult } from './evaluate/method-result.ts';
export { verdictOf } from './evaluate/verdict.ts';
export { exportClassifier } from './export/export-classifier.ts';
export type { FitEvent } from './fit/events.ts';
export { equalComputeSteps } from './fit/fit-comparisons.ts';
export {
  type FitSeriesModelOptions,
  type FitSeriesModelResult,
  fitClassifier,
  fitRegressor,
} from './fit/fit-series-model.ts';
export type { LearningCurve } from './fit/learning-curve.ts';
export type { ClassifyReceipt } from './fit/receipt.ts';
export { type EmbeddedPlane, type EmbeddingMapOptions, embeddingMap } from './map/embedding-map.ts';
export { type LoadedClassifier, loadClassifier } from './predict/load-classifier.ts';
export type { ClassPrediction, SeriesPrediction, ValuePrediction } from './predict/series-prediction.ts';
export { type ClassifySummary, summariseClassification } from './report/summarise-classification.ts';
export {
  type Candidate,
  type CandidateScore,
  type CrossValidateOptions,
  type CrossValidation,
  crossValidate,
} from './select/cross-validate.ts';
export type { ClassifierFile } from './store/classifier-file.ts';
export { readClassifyReceipt } from './store/read-receipt.ts';
