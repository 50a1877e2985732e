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
export type { PretrainData, PretrainOptions, PretrainResult } from './pretrain/options.ts';
