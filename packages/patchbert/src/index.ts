export {
  type Backend,
  type BackendAdapter,
  tfjsCpu,
} from '@patchbert/backend';
export { onnxCpu } from '@patchbert/backend-onnx';
export {
  createFrame,
  type Frame,
  formatCsv,
  type Panel,
  type Ratios,
  readCsv,
  readLongCsv,
  readLongParquet,
  readParquet,
  regulariseTimes,
  type Split,
  stackFrames,
} from '@patchbert/data';
export { PatchBertError } from '@patchbert/errors';
export type {
  Forecast,
  ForecastReceipt,
  HorizonResult,
  MethodResult,
  SplitOption,
} from '@patchbert/forecast';
export { pretrain } from '@patchbert/train';
export type { BackendName, BackendOption } from './backend/open-backend.ts';
export type { FitEvent, FitOptions, PretrainOptions } from './fit/fit-options.ts';
export {
  type BacktestOptions,
  type EvaluateOptions,
  Forecaster,
  type LoadOptions,
  type PredictOptions,
} from './forecaster.ts';
