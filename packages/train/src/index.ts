export { adaptByGradient } from './adapt/adapt-by-gradient.ts';
export type {
  AdaptationEvent,
  AdaptationOptions,
  AdaptationRecord,
  AdaptationResult,
} from './adapt/adaptation-options.ts';
export {
  type AdaptationConfig,
  type AdaptationConfigInput,
  adaptationSchema,
} from './adapt/adaptation-schema.ts';
export {
  type Baseline,
  baselines,
  lastValue,
  linearInterpolation,
  windowMean,
} from './baselines/baselines.ts';
export { assemblePretrainBatch } from './batches/assemble-pretrain-batch.ts';
export type { BatchPlan, BatchRequest, PretrainBatch } from './batches/batch-plan.ts';
export { patchCells } from './batches/patch-cells.ts';
export { signatureOf } from './batches/signature-of.ts';
export { type Checkpoint, type CheckpointFacts, checkpointPath } from './checkpoints/checkpoint.ts';
export { engineFacts, historyFacts, isSameEngine } from './checkpoints/engine-facts.ts';
export {
  checkpointSteps,
  type LatestCheckpoint,
  latestCheckpoint,
  loadCheckpoint,
  removeLeftovers,
} from './checkpoints/load-checkpoint.ts';
export { type OpenedCheckpoint, openCheckpoint } from './checkpoints/open-checkpoint.ts';
export { type RetentionOptions, retainCheckpoints } from './checkpoints/retain-checkpoints.ts';
export { type ForcedResume, type Rollback, rateScaleAfter } from './checkpoints/run-history.ts';
export { saveCheckpoint } from './checkpoints/save-checkpoint.ts';
export { type ExportedTrainingStep, exportPretrainingStep } from './export/export-pretraining-step.ts';
export { ASIDE_PREFIX, replaceFile, sha256, syncFolder } from './files/durable-write.ts';
export { makeFolder } from './files/make-folder.ts';
export {
  type Refuse,
  readModelDescription,
  readModelTensors,
  requireSeal,
  requireTensors,
} from './files/model-files.ts';
export { type InsideOptions, LARGEST_JSON, pathInside, readInside } from './files/read-inside.ts';
export { sealed } from './files/sealed-json.ts';
export { type Divergence, divergedError, divergenceIn, notFinite } from './fit/divergence.ts';
export { type DivergencePolicy, divergencePolicySchema } from './fit/divergence-policy.ts';
export {
  type EarlyStopping,
  type EarlyStoppingOptions,
  type EarlyStoppingState,
  earlyStopping,
} from './fit/early-stopping.ts';
export { type FitOptions, type FitResult, type FitStep, fit } from './fit/fit.ts';
export {
  type AttemptStart,
  type RollbackEvent,
  type RollbackOptions,
  trainWithRollbacks,
} from './fit/train-with-rollbacks.ts';
export { type ForecastingConfig, forecasting } from './objectives/forecasting.ts';
export {
  type MaskedReconstructionOptions,
  maskedReconstruction,
} from './objectives/masked-reconstruction.ts';
export type { MeasuredLoss, MeasuringObjective, Objective } from './objectives/objective.ts';
export { type OpenObjective, type OpenObjectiveOptions, openObjective } from './objectives/open-objective.ts';
export { evaluationStep, optimiserScalars, trainingStep } from './objectives/training-step.ts';
export { type AccumulationOptions, accumulateGradients } from './optimise/accumulate-gradients.ts';
export { type AdamWOptions, adamW } from './optimise/adam-w.ts';
export { addDecayedWeights, type DecayOptions, decaysWeight } from './optimise/add-decayed-weights.ts';
export {
  averagedWeights,
  averagesIn,
  averagingScalars,
  type WeightAveraging,
  withAveragedWeights,
} from './optimise/averaged-weights.ts';
export { clipByGlobalNorm } from './optimise/clip-by-global-norm.ts';
export { type FrozenSplit, freeze } from './optimise/freeze.ts';
export {
  chain,
  type GradientTransform,
  type TransformContext,
  type TransformResult,
} from './optimise/gradient-transform.ts';
export { type LayerwiseRatesOptions, layerwiseRates } from './optimise/layerwise-rates.ts';
export { measureGradientNorm } from './optimise/measure-gradient-norm.ts';
export { type AdamOptions, scaleByAdam } from './optimise/scale-by-adam.ts';
export { scaleByLearningRate } from './optimise/scale-by-learning-rate.ts';
export { scaleByParameter } from './optimise/scale-by-parameter.ts';
export { type PretrainConfig, type PretrainConfigInput, pretrainConfigSchema } from './pretrain/config.ts';
export type { ChannelErrors, MethodError, PretrainEvaluation } from './pretrain/evaluation.ts';
export type {
  CheckpointEvent,
  EvaluationEvent,
  MeasuredEvent,
  PreparedEvent,
  PretrainEvent,
  ResumedEvent,
  StepEvent,
  ValidationEvent,
  WarningEvent,
} from './pretrain/events.ts';
export { frameFingerprint } from './pretrain/frame-fingerprint.ts';
export type { GalleryWindow } from './pretrain/gallery.ts';
export type { PretrainData, PretrainOptions, PretrainResult } from './pretrain/options.ts';
export { type PreparedPretraining, preparePretraining } from './pretrain/prepare.ts';
export { pretrain } from './pretrain/pretrain.ts';
export { type RateMeter, rateMeter } from './pretrain/rate-meter.ts';
export { type PretrainedRows, readPretrainedRows } from './pretrain/read-receipt.ts';
export { type PretrainReceipt, type RunSession, receiptHistory, runSession } from './pretrain/receipt.ts';
export { readRunConfig } from './pretrain/resume-config.ts';
export type { ValidationWindows } from './pretrain/validation-windows.ts';
export { describeEnvironment, packageVersion } from './run-folder/environment.ts';
export { lockRunFolder } from './run-folder/lock-run-folder.ts';
export {
  type MetricsLog,
  type MetricsRecord,
  openMetricsLog,
  type RollbackRecord,
  readMetrics,
  type TrainingRecord,
  type ValidationRecord,
} from './run-folder/metrics-log.ts';
export {
  type AcceptedDifferences,
  acceptDifferences,
  circumstanceDifferences,
  configDifferences,
  type RunDifference,
} from './run-folder/run-differences.ts';
export {
  createRunFolder,
  type NewRunFolder,
  type RunFolder,
  readJson,
  runFolderAt,
  writeJson,
} from './run-folder/run-folder.ts';
export { type RunSummary, summariseRun } from './run-folder/summarise-run.ts';
export { type OneCycleOptions, oneCycle } from './schedules/one-cycle.ts';
export { constant, type Schedule } from './schedules/schedule.ts';
export { type WarmupCosineOptions, warmupCosine } from './schedules/warmup-cosine.ts';
export {
  type TransferOptions,
  type TransferReport,
  type TransferredEncoder,
  transferEncoder,
} from './transfer/transfer-encoder.ts';
