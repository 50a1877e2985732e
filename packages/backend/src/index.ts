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
