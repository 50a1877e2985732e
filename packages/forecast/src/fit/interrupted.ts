import { PatchBertError } from '@patchbert/errors';

/** The refusal of a fit that was stopped: half a forecaster is none. */
export function interrupted(): PatchBertError {
  return new PatchBertError(
    'forecast/interrupted',
    'fitForecaster: stopped before the forecaster was finished; fit it again.',
  );
}
