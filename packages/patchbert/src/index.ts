export {
  type Backend,
  type BackendAdapter,
  type BackendDefinition,
  defineBackend,
  tfjsCpu,
} from '@patchbert/backend';
export { onnxCpu } from '@patchbert/backend-onnx';
export {
  type ClassifyReceipt,
  type CrossValidation,
  crossValidate,
  type FitEvent as SeriesFitEvent,
  type MethodResult as SeriesMethodResult,
} from '@patchbert/classify';
export {
  createFrame,
  createSeriesSet,
  type Frame,
  formatCsv,
  type Panel,
  type Ratios,
  readCsv,
  readLongCsv,
  readLongParquet,
  readParquet,
  readSeriesSet,
  regulariseTimes,
  type Series,
  type SeriesSet,
  type Split,
  selectSeries,
  stackFrames,
  windowsAsSeries,
} from '@patchbert/data';
export type {
  EmbeddedWindows,
  EmbeddingFormat,
  EmbeddingIndex,
  EmbeddingOptions,
} from '@patchbert/embed';
export { PatchBertError } from '@patchbert/errors';
export type {
  Forecast,
  ForecastReceipt,
  HorizonResult,
  MethodResult,
  SplitOption,
} from '@patchbert/forecast';
export type { ExportedModel } from '@patchbert/onnx';
export { pretrain } from '@patchbert/train';
export type { BackendName, BackendOption } from './backend/open-backend.ts';
export { Classifier } from './classifier.ts';
export { type EmbeddedBatch, Embedder, type EmbedderOptions, type WriteOptions } from './embedder.ts';
export type { FitEvent, FitOptions, PretrainOptions } from './fit/fit-options.ts';
export {
  type BacktestOptions,
  type EvaluateOptions,
  type ExportOptions,
  Forecaster,
  type LoadOptions,
  type PredictOptions,
} from './forecaster.ts';
export { Regressor } from './regressor.ts';
export type { SeriesFitOptions } from './series/series-fit-options.ts';
export type { SeriesEmbedding, SeriesModel, SeriesProgress } from './series/series-model.ts';
