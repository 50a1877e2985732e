export { maskedReconstruction } from './objectives/masked-reconstruction.ts';
export type { Objective } from './objectives/objective.ts';
export { evaluationStep, optimiserScalars, trainingStep } from './objectives/training-step.ts';
export { type AdamWOptions, adamW } from './optimise/adam-w.ts';
export { addDecayedWeights, type DecayOptions, decaysWeight } from './optimise/add-decayed-weights.ts';
export { clipByGlobalNorm } from './optimise/clip-by-global-norm.ts';
export {
  chain,
  type GradientTransform,
  type TransformContext,
  type TransformResult,
} from './optimise/gradient-transform.ts';
export { type AdamOptions, scaleByAdam } from './optimise/scale-by-adam.ts';
export { scaleByLearningRate } from './optimise/scale-by-learning-rate.ts';
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
export { type OneCycleOptions, oneCycle } from './schedules/one-cycle.ts';
export { constant, type Schedule } from './schedules/schedule.ts';
export { type WarmupCosineOptions, warmupCosine } from './schedules/warmup-cosine.ts';
