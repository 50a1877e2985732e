export { escapeHtml } from './html/escape-html.ts';
export type {
  ChannelError,
  GalleryWindow,
  MethodError,
  PretrainRun,
  TrainingPoint,
  ValidationPoint,
} from './pretrain-run.ts';
export { renderPretrainReport } from './render-pretrain-report.ts';
export type { ChannelFacts, RunData } from './run-data.ts';
