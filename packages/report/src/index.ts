export { escapeHtml } from './html/escape-html.ts';
export type {
  ChannelError,
  ChannelFacts,
  GalleryWindow,
  MethodError,
  PretrainRun,
  PretrainRunData,
  TrainingPoint,
  ValidationPoint,
} from './pretrain-run.ts';
export { renderPretrainReport } from './render-pretrain-report.ts';
