import type { PatchTSTTask } from '../config/patchtst-config.ts';

/** Hugging Face's classes by what their heads are for. */
export const architectures = {
  pretrain: 'PatchTSTForPretraining',
  forecast: 'PatchTSTForPrediction',
  classify: 'PatchTSTForClassification',
  regress: 'PatchTSTForRegression',
  encode: 'PatchTSTModel',
} as const satisfies Readonly<Record<PatchTSTTask, string>>;

/** A class of Hugging Face's PatchTST. */
export type PatchTSTArchitecture = (typeof architectures)[PatchTSTTask];

/** The task of a class, `undefined` for any other name. */
export function taskOf(architecture: string): PatchTSTTask | undefined {
  return (Object.keys(architectures) as PatchTSTTask[]).find((task) => architectures[task] === architecture);
}
