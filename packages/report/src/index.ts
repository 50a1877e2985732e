export type {
  ClassificationData,
  ClassificationPart,
  ClassificationRun,
  ClassificationSelection,
  ClassificationSummary,
  ClassScore,
  Confusion,
  EmbeddingMap,
  MapPoint,
  MethodScore,
  Mistake,
  Reconstruction,
  ReliabilityBin,
  ShownSeries,
} from './classification-run.ts';
export type {
  ForecastChannelError,
  ForecastRun,
  ForecastScore,
  ForecastSummary,
  ForecastWindow,
  HorizonChannelErrors,
  HorizonResults,
  HorizonStepErrors,
  Selection,
  StepErrors,
} from './forecast-run.ts';
export { escapeHtml } from './html/escape-html.ts';
export type {
  ChannelError,
  GalleryWindow,
  MethodError,
  PretrainRun,
  TrainingPoint,
  ValidationPoint,
} from './pretrain-run.ts';
export { renderClassificationReport } from './render-classification-report.ts';
export { renderForecastReport } from './render-forecast-report.ts';
export { renderPretrainReport } from './render-pretrain-report.ts';
export type { ChannelFacts, RunData, WholeSeries } from './run-data.ts';
export type { AuditCheck, Fact, Measure, TrainingCurve } from './run-parts.ts';
