export { chooseSeriesModel, type SeriesModelChoices } from './config/choose-series-model.ts';
export {
  inputRows,
  type SeriesModel,
  type SeriesModelInput,
  seriesModelSchema,
  tokenCount,
} from './config/series-model.ts';
export { seriesModelChoicesSchema } from './config/series-model-choices.ts';
export {
  openSeriesEncoder,
  type SeriesEncoder,
  type SeriesEncoderOptions,
} from './features/encode-series.ts';
export {
  type FeatureConfig,
  featureWidth,
  type Pooling,
  poolingSpecs,
  seriesFeatures,
} from './features/series-features.ts';
export { cutPatches } from './input/cut-patches.ts';
export { encoderOf } from './input/encoder-of.ts';
export { type HiddenCells, hideCells, pretrainingPoints } from './input/hide-cells.ts';
export { type Moments, prepareSeries } from './input/prepare-series.ts';
export { rawLength, rawPatches } from './input/raw-patches.ts';
export { seriesFingerprint } from './input/series-fingerprint.ts';
export {
  channelGroups,
  fitSeriesInputs,
  type SeriesInputs,
  seriesInputsSchema,
} from './input/series-inputs.ts';
export { fitSeriesScaler, type SeriesScaler, seriesScalerSchema } from './input/series-scaler.ts';
export { drawPlaces, everyPlace, keptPlaces, type Places, placeTensors } from './input/token-places.ts';
export { DROPOUT_PREFIX, seriesEncoderInput } from './objectives/series-encoder-input.ts';
export {
  type PretrainingLosses,
  type SeriesPretrainingConfig,
  seriesPretrainingLoss,
} from './objectives/series-pretraining.ts';
export {
  initialisePretraining,
  type PretrainWeightsOptions,
  pretrainWeights,
} from './pretrain/pretrain-weights.ts';
export {
  type SeriesPretraining,
  type SeriesPretrainingChoices,
  type SeriesPretrainingInput,
  seriesPretrainingSchema,
  settlePretraining,
} from './pretrain/series-pretraining-config.ts';
export {
  canReconstruct,
  openReconstructor,
  type SeriesReconstructor,
  type SeriesReconstructorOptions,
} from './reconstruct/open-reconstructor.ts';
export type { SeriesEvaluation } from './run/evaluate-series.ts';
export { isSeriesRun, readSeriesRunConfig } from './run/open-series-run.ts';
export { type PreparedSeriesRun, prepareSeriesRun } from './run/prepare-series-run.ts';
export { pretrainSeries } from './run/pretrain-series.ts';
export { checkpointModel, readSeriesCheckpoint, type SeriesCheckpoint } from './run/series-checkpoint.ts';
export {
  type SeriesRunChoices,
  type SeriesRunConfig,
  type SeriesRunConfigInput,
  seriesRunSchema,
} from './run/series-run-config.ts';
export type { SeriesPreparedEvent, SeriesRunEvent } from './run/series-run-events.ts';
export type { PretrainSeriesOptions, PretrainSeriesResult } from './run/series-run-options.ts';
export type { SeriesRunReceipt } from './run/series-run-receipt.ts';
export { type SeriesRunSummary, summariseSeriesRun } from './run/summarise-series-run.ts';
export { chooseSteps, type StepRule } from './training/choose-steps.ts';
export { batchSizeFor, seriesOfStep } from './training/series-batches.ts';
export {
  type SeriesTraining,
  seriesTrainingSchema,
  type TrainedWeights,
  type TrainWeightsOptions,
  trainWeights,
} from './training/train-weights.ts';
