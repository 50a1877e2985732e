export { findAdapter, startBackend } from './adapters.ts';
export { checkBatch, checkState, checkStateNames, checkStateWritten } from './check-tensors.ts';
export type {
  Availability,
  Backend,
  BackendAdapter,
  BackendOptions,
  Capabilities,
  Program,
  Signature,
  Step,
  StepResult,
} from './contract.ts';
export { type BackendDefinition, defineBackend } from './define-backend.ts';
export { type LosableDevice, whileDeviceLives } from './device-loss.ts';
export { createEagerBackend, type EagerBackendOptions, type EagerEngine } from './eager/eager-backend.ts';
export { ensureGradients } from './gradients.ts';
export { createRunGate, type RunGate } from './run-gate.ts';
export { checkStepResult, checkTrains } from './step-result.ts';
export { tfjsCpu } from './tfjs-cpu.ts';
export { unsupportedKernel } from './unsupported-kernel.ts';
