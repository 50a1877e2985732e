import { PatchBertError } from '@patchbert/errors';
import type { Frame } from '../frame/frame.ts';
import { requireTimes } from './regularise-times.ts';
import { addSteps, inferTimeStep } from './time-step.ts';

/**
 * The `horizon` time stamps that follow the last row, at the commonest step between rows; monthly, quarterly and yearly
 * rows stay on their day of the month.
 *
 * @returns milliseconds since 1970-01-01 UTC, `[horizon]`.
 * @throws PatchBertError `data/no-times`, `data/no-interval` for a frame of one row, `data/bad-window` for the horizon.
 * @example
 * const times = futureTimes(frame, 24); // of an hourly frame: the next day
 */
export function futureTimes(frame: Frame, horizon: number): Float64Array {
  const times = requireTimes('futureTimes', frame);
  if (!Number.isSafeInteger(horizon) || horizon < 1) {
    throw new PatchBertError(
      'data/bad-window',
      `futureTimes: horizon is ${horizon}; expected a whole number of rows, 1 or more.`,
    );
  }
  const step = inferTimeStep(times);
  if (step === undefined) {
    throw new PatchBertError(
      'data/no-interval',
      `futureTimes: no two rows of ${JSON.stringify(frame.name)} have ascending times; expected at least two, to see their interval.`,
    );
  }
  const last = times[times.length - 1]!;
  return Float64Array.from({ length: horizon }, (_, i) => addSteps(step, last, i + 1));
}
