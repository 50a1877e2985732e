import { PatchBertError } from '@patchbert/errors';
import type { HorizonModel } from './horizon-model.ts';

/**
 * The shortest fitted horizon that covers the one asked for.
 *
 * @param models ascending by horizon.
 * @throws PatchBertError `forecast/bad-horizon`.
 */
export function modelFor(models: readonly HorizonModel[], horizon: number): HorizonModel {
  const model = models.find((one) => one.horizon >= horizon);
  if (model && Number.isSafeInteger(horizon) && horizon >= 1) return model;
  throw new PatchBertError(
    'forecast/bad-horizon',
    `predict: horizon ${horizon} cannot be predicted; expected a whole number from 1 to ${models.at(-1)!.horizon}, the longest this forecaster was fitted for.`,
  );
}
