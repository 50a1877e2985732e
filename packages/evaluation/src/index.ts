export { type AuditFinding, expectMoved, expectUnmoved } from './audit/audit-finding.ts';
export {
  type AuditedForecast,
  auditForecasts,
  type ForecastAudit,
} from './audit/audit-forecasts.ts';
export { type AuditedRun, auditLeaks, type LeakAudit, type LeakTrial } from './audit/audit-leaks.ts';
export { type Comparison, compareRuns, type RunResults } from './audit/compare-runs.ts';
export { type Perturbation, perturbCells, perturbRows, type RowRange } from './audit/perturb-rows.ts';
export { type BacktestOptions, type BacktestOrigin, backtestOrigins } from './backtest/backtest-origins.ts';
export { type DetectPeriodOptions, detectPeriod } from './baselines/detect-period.ts';
export { drift } from './baselines/drift.ts';
export { lastValue } from './baselines/last-value.ts';
export { seasonalNaive } from './baselines/seasonal-naive.ts';
export { windowMean } from './baselines/window-mean.ts';
export { type CalibrationBin, calibrationBins } from './classification/calibration.ts';
export {
  accuracyOf,
  type ClassificationScores,
  type ClassScores,
  classificationScores,
} from './classification/classification-scores.ts';
export { predictedClasses, probabilitiesOf } from './classification/probabilities-of.ts';
export { drawLabels } from './folds/draw-labels.ts';
export { plainFolds, stratifiedFolds, trainingPart } from './folds/stratified-folds.ts';
export { intervalCoverage } from './metrics/interval-coverage.ts';
export { symmetricMeanAbsolutePercentageError } from './metrics/percentage-error.ts';
export { meanAbsoluteError, meanSquaredError, rootMeanSquaredError } from './metrics/point-errors.ts';
export {
  crpsFromQuantiles,
  meanWeightedQuantileLoss,
  pinballLoss,
  type QuantileForecast,
  weightedQuantileLoss,
} from './metrics/quantile-losses.ts';
export { meanAbsoluteScaledError, seasonalScale } from './metrics/scaled-error.ts';
export type { ChannelValues } from './neighbours/comparable-series.ts';
export { type LearnedWindow, type LearnWindowOptions, learnWindow } from './neighbours/learn-window.ts';
export {
  type NearestNeighbourOptions,
  type NearestNeighbours,
  nearestNeighbour,
  type Skipped,
} from './neighbours/nearest-neighbour.ts';
export { type RegressionScores, regressionScores } from './regression/regression-scores.ts';
export {
  createForecastAccumulator,
  type ForecastAccumulator,
  type ForecastAccumulatorOptions,
} from './scores/forecast-accumulator.ts';
export type {
  ChannelScores,
  Coverage,
  ForecastScores,
  OriginalScores,
  Scores,
  StepCoverage,
  StepScores,
} from './scores/forecast-scores.ts';
export type { ForecastWindow } from './scores/forecast-window.ts';
export { majorityClass } from './summaries/majority-class.ts';
export { summaryFeatures } from './summaries/summary-features.ts';
export {
  type BootstrapInterval,
  type BootstrapOptions,
  bootstrapInterval,
} from './uncertainty/bootstrap-interval.ts';
