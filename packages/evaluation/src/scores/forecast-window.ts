import { PatchBertError } from '@patchbert/errors';

/** A forecast of one channel from one origin, beside what came. */
export interface ForecastWindow {
  /** Index of the channel, from 0. */
  readonly channel: number;
  /** [horizon], the data's units. */
  readonly prediction: Float32Array;
  /** [horizon], the data's units; NaN = not measured, not scored. */
  readonly target: Float32Array;
  /** Errors are divided by this for scaled units: the channel's deviation over the training rows. Above 0. */
  readonly scale: number;
  /** What MASE divides by, `seasonalScale` of the training rows; without it the window does not enter MASE. */
  readonly maseScale?: number | undefined;
  /** [levels, horizon], level after level, the data's units; exactly when the accumulator has quantile levels. */
  readonly quantiles?: Float32Array | undefined;
}

/** Throws `evaluation/bad-window` or `evaluation/bad-scale` when a window does not fit its accumulator. */
export function checkWindow(
  window: ForecastWindow,
  expected: { readonly horizon: number; readonly channels: number; readonly levels: number },
): void {
  const { channel, prediction, target, scale, maseScale, quantiles } = window;
  const { horizon, channels, levels } = expected;
  if (!Number.isSafeInteger(channel) || channel < 0 || channel >= channels) {
    throw badWindow(`channel is ${channel}; there are ${channels}, counted from 0`);
  }
  checkLength('prediction', prediction.length, horizon);
  checkLength('target', target.length, horizon);
  if (levels === 0 && quantiles !== undefined) {
    throw badWindow('it has quantiles, the accumulator no levels; pass quantileLevels when it is created');
  }
  if (levels > 0) checkLength('quantiles', quantiles?.length ?? 0, levels * horizon);
  if (!(scale > 0 && scale < Number.POSITIVE_INFINITY)) throw badScale('scale', scale, 'above 0');
  if (maseScale !== undefined && maseScale < 0) throw badScale('maseScale', maseScale, '0 or more');
}

function checkLength(name: string, length: number, expected: number): void {
  if (length !== expected) throw badWindow(`${name} has ${length} numbers; expected ${expected}`);
}

function badWindow(problem: string): PatchBertError {
  return new PatchBertError('evaluation/bad-window', `ForecastAccumulator.add: ${problem}.`);
}

function badScale(name: string, scale: number, expected: string): PatchBertError {
  return new PatchBertError(
    'evaluation/bad-scale',
    `ForecastAccumulator.add: ${name} is ${scale}; expected a number ${expected}.`,
  );
}
