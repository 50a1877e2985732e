/**
 * What a training step is made of, and the loop that runs it. Unlike the rest of the package it also runs in a page: nothing in
 * here knows files.
 */
export { signatureOf } from './batches/signature-of.ts';
export { type FitOptions, type FitResult, type FitStep, fit } from './fit/fit.ts';
export { type ForecastingConfig, forecasting } from './objectives/forecasting.ts';
export {
  type MaskedReconstructionOptions,
  maskedReconstruction,
} from './objectives/masked-reconstruction.ts';
export type { MeasuredLoss, MeasuringObjective, Objective } from './objectives/objective.ts';
export { evaluationStep, optimiserScalars, trainingStep } from './objectives/training-step.ts';
export { type AdamWOptions, adamW } from './optimise/adam-w.ts';
export { constant, type Schedule } from './schedules/schedule.ts';
