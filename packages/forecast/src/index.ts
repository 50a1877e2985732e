export type { ForecastEncoder } from './closed-form/features.ts';
export {
  type ForecastConfig,
  type ForecastConfigInput,
  forecastConfigSchema,
} from './config/forecast-config.ts';
export type { HorizonResult, MethodResult } from './evaluate/horizon-result.ts';
export { type ExportForecasterOptions, exportForecaster } from './export/export-forecaster.ts';
export { type RawContexts, rawContexts, type SeenPatches } from './export/raw-contexts.ts';
export type { ForecastEvent } from './fit/events.ts';
export {
  type FitForecasterOptions,
  type FitForecasterResult,
  fitForecaster,
} from './fit/fit-forecaster.ts';
export type { Choice } from './fit/fit-horizons.ts';
export type { LearningCurve } from './fit/fit-models.ts';
export type { ForecastReceipt } from './fit/receipt.ts';
export { type EncoderOrigin, type SourceEncoder, sourceEncoder } from './fit/source-encoder.ts';
export type { BacktestOptions } from './forecaster/backtest.ts';
export {
  type EvaluateForecasterOptions,
  type LoadedForecaster,
  loadForecaster,
  type PredictOptions,
} from './forecaster/load-forecaster.ts';
export type { Forecast } from './forecaster/predict-next.ts';
export type { HorizonModel, NetworkPart } from './model/horizon-model.ts';
export type { GalleryForecast } from './report/gallery.ts';
export { type ForecastSummary, summariseForecast } from './report/summarise-forecast.ts';
export type { ForecasterFile } from './store/forecaster-file.ts';
export { readForecaster, type StoredForecaster } from './store/read-forecaster.ts';
export { readForecastReceipt } from './store/read-receipt.ts';
export { type FittedData, fittedSplits, requireUnseenRows } from './task/fitted-splits.ts';
export type { ForecastData } from './task/forecast-data.ts';
export { forecastSplits } from './task/forecast-splits.ts';
export { givenSplits, type SplitOption } from './task/given-splits.ts';
export { checkForecast } from './task/prepare-task.ts';
