export { backendContract } from './backend-contract.ts';
export type { ContractCase } from './cases/contract-case.ts';
export { deviceLossContract } from './cases/device-loss-contract.ts';
export { float64Reference } from './float64/float64-reference.ts';
export { type BackendMeasurement, measureBackend } from './self-test/measure-backend.ts';
export type { MeasuredError, MeasuredRun } from './self-test/measure-run.ts';
export { type SelfTestOptions, type SelfTestResult, selfTest } from './self-test/self-test.ts';
