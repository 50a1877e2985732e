export { didYouMean } from './did-you-mean.ts';
export { type ConfigIssue, type ConfigSchema, parseConfig } from './parse-config.ts';
export { PatchBertError } from './patchbert-error.ts';
