import { parseConfig } from '@patchbert/errors';
import type { RandomKey } from '@patchbert/random';
import {
  type PatchTSTConfig,
  type PatchTSTConfigInput,
  patchtstConfigSchema,
} from '../config/patchtst-config.ts';
import type { PatchTSTModel } from '../model/patchtst-model.ts';
import { initialParameters } from './initial-parameters.ts';

/** What may change with the head; the encoder's shape may not. */
export type TaskInput = Pick<PatchTSTConfigInput, 'task'> &
  Partial<Pick<PatchTSTConfig, 'pooling' | 'horizon' | 'targets' | 'outputRange' | 'dropout' | 'masking'>>;

/**
 * The same encoder for another task: everything but the head is kept, the head starts fresh, as `from_pretrained` of another class
 * does.
 *
 * @throws PatchBertError `config/invalid`.
 * @example
 * const forecaster = withTask(pretrained, { task: 'forecast', horizon: 96, pooling: 'none' }, randomKey(0));
 */
export function withTask(model: PatchTSTModel, task: TaskInput, key: RandomKey): PatchTSTModel {
  const config = parseConfig(patchtstConfigSchema, { ...model.config, ...task }, 'withTask');
  const fresh = initialParameters(config, key);
  const parameters = Object.fromEntries(
    Object.entries(fresh).map(([name, start]) => [
      name,
      name.startsWith('head.') ? start : (model.parameters[name] ?? start),
    ]),
  );
  return { config, parameters, huggingFace: model.huggingFace };
}
