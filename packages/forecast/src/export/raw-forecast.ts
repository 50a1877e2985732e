import type { TensorSpec } from '@patchbert/ops';
import type { HorizonModel } from '../model/horizon-model.ts';
import type { ExogenousPlan } from '../task/exogenous-plan.ts';

/** A model of one horizon as others are to use it. */
export interface RawForecast {
  readonly model: HorizonModel;
  /** Places of the predicted channels among those of the data, in the order of the input. */
  readonly channels: readonly number[];
  readonly exogenous: ExogenousPlan;
  /** Ascending; may be empty. */
  readonly quantileLevels: readonly number[];
}

/** Names, shapes and types of what `rawForecastStep` reads. */
export function rawForecastInputs(
  { model: { contextLength, horizon }, channels, exogenous: { calendar, covariates } }: RawForecast,
  batch: number,
): Record<string, TensorSpec> {
  const input = (...shape: number[]): TensorSpec => ({ shape: [batch, ...shape], dtype: 'float32' });
  return {
    values: input(contextLength, channels.length),
    ...(calendar.length > 0 && { calendar: input(2 * calendar.length) }),
    ...(covariates.length > 0 && { covariates: input(horizon, covariates.length) }),
  };
}
