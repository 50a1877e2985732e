export type {
  AuditCheck,
  Fact,
  ForecastChannelError,
  ForecastRun,
  ForecastScore,
  ForecastSummary,
  ForecastWindow,
  HorizonChannelErrors,
  HorizonResults,
  HorizonStepErrors,
  Measure,
  Selection,
  StepErrors,
  TrainingCurve,
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
export { renderForecastReport } from './render-forecast-report.ts';
export { renderPretrainReport } from './render-pretrain-report.ts';
export type { ChannelFacts, RunData } from './run-data.ts';
