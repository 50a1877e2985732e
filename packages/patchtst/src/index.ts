export {
  type PatchTSTConfig,
  type PatchTSTConfigInput,
  type PatchTSTTask,
  patchtstConfigSchema,
} from './config/patchtst-config.ts';
export { createPatchTST } from './create/create-patchtst.ts';
export { type TaskInput, withTask } from './create/with-task.ts';
export type { PatchTSTArchitecture } from './hugging-face/architectures.ts';
export { exportPatchTST } from './hugging-face/export-patchtst.ts';
export { importPatchTST } from './hugging-face/import-patchtst.ts';
export type { ReadConfigOptions } from './hugging-face/read-config.ts';
export { type HuggingFaceFiles, type ImportedPatchTST, readPatchTST } from './hugging-face/read-patchtst.ts';
export { type NamedTensor, tensorNames } from './hugging-face/tensor-names.ts';
export type { HiddenStates } from './model/encode.ts';
export {
  hiddenStatesOf,
  type PatchTSTOutput,
  type PatchTSTTrainingOutput,
  predictPatchTST,
  trainPatchTST,
} from './model/forward.ts';
export type { PatchTSTModel } from './model/patchtst-model.ts';
export {
  learnedParameters,
  type PatchTSTParameterSpec,
  patchtstParameterSpecs,
} from './parameters/parameter-specs.ts';
export {
  type EncodedSeries,
  type OpenPatchTST,
  type OpenPatchTSTOptions,
  openPatchTST,
} from './run/open-patchtst.ts';
export { hiddenStatesStep, predictionStep } from './run/steps.ts';
export {
  drawPatchMask,
  forecastPatchMask,
  hidePatches,
  randomPatchMask,
} from './series/patch-masks.ts';
export { type PreparedSeries, prepareSeries } from './series/prepare-series.ts';
export { type RawSeries, rawSeries } from './series/raw-series.ts';
export {
  classificationBatch,
  forecastingBatch,
  pretrainingBatch,
  regressionBatch,
} from './training/batches.ts';
export { drawPatchTSTDropout } from './training/dropout-masks.ts';
export { patchtstObjective } from './training/objective.ts';
