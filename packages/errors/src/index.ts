export { didYouMean } from './did-you-mean.ts';
export { type ConfigIssue, type ConfigSchema, parseConfig } from './parse-config.ts';
export { parseJson } from './parse-json.ts';
export { PatchBertError } from './patchbert-error.ts';
export { oneLine, quote } from './quote.ts';
