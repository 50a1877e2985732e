import { parseConfig } from '@patchbert/errors';
import type { RandomKey } from '@patchbert/random';
import { type PatchTSTConfigInput, patchtstConfigSchema } from '../config/patchtst-config.ts';
import type { PatchTSTModel } from '../model/patchtst-model.ts';
import { initialParameters } from './initial-parameters.ts';

/**
 * A model with start values, to train and to export.
 *
 * @throws PatchBertError `config/invalid`.
 * @example
 * const model = createPatchTST({ task: 'pretrain', channels: 7, contextLength: 512, patchLength: 12, patchStride: 12 }, randomKey(0));
 */
export function createPatchTST(config: PatchTSTConfigInput, key: RandomKey): PatchTSTModel {
  const complete = parseConfig(patchtstConfigSchema, config, 'createPatchTST');
  return { config: complete, parameters: initialParameters(complete, key), huggingFace: {} };
}
