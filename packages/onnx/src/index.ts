export { openBatch, type TracedBatch } from './batch/open-batch.ts';
export { type ExportModelOptions, exportModel } from './export/export-model.ts';
export { type ExportTrainingStepOptions, exportTrainingStep } from './export/export-training-step.ts';
export type { ExportedModel, ModelTensor } from './export/exported-model.ts';
export { type TracedStep, traceStep } from './export/trace-step.ts';
export {
  type LoweringNames,
  type LoweringOptions,
  lowerGraph,
  prepareGraph,
  stepNames,
} from './lowering/lower-graph.ts';
export {
  allForms,
  type OperatorForms,
  plainForms,
  standardForms,
  webgpuForms,
} from './lowering/operator-forms.ts';
export { UnloweredKernelError } from './lowering/unlowered-kernel-error.ts';
export { IDENTITY_INPUT, IDENTITY_OUTPUT, identityModel } from './model/identity-model.ts';
export type { ModelFacts } from './model/model-file.ts';
