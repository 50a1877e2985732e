import { PatchBertError } from '@patchbert/errors';
import { createFrame, type Frame } from '../frame/frame.ts';
import { checkRows, type Rows } from '../frame/rows.ts';
import { channelIndex } from '../frame/select-channels.ts';

/** Mean and standard deviation per channel, and the rows they were computed from; plain JSON. */
export interface Scaler {
  readonly channels: readonly string[];
  readonly mean: readonly number[];
  /** Population standard deviation; 1 for a constant channel. */
  readonly scale: readonly number[];
  /** The rows that were seen, and no others: for a receipt. */
  readonly rows: Rows;
}

/**
 * Standardisation fitted on the given rows only, normally the training rows: two passes in float64, missing
 * values left out, population variance, scale 1 for a constant channel (as scikit-learn's StandardScaler).
 *
 * @throws PatchBertError `data/bad-rows`; `data/nothing-to-fit` when a channel has no value in the rows.
 * @example
 * const scaled = applyScaler(frame, fitScaler(frame, split.train));
 */
export function fitScaler(frame: Frame, rows: Rows): Scaler {
  checkRows('fitScaler', rows, frame.length);
  const mean: number[] = [];
  const scale: number[] = [];
  frame.columns.forEach((column, c) => {
    const fitted = fitColumn(column.subarray(rows.start, rows.end));
    if (fitted === undefined) {
      throw new PatchBertError(
        'data/nothing-to-fit',
        `fitScaler: channel ${JSON.stringify(frame.channels[c])} of ${JSON.stringify(frame.name)} has no value in rows ${rows.start} to ${rows.end}; leave the channel out or fit on rows that have values.`,
      );
    }
    mean.push(fitted.mean);
    scale.push(fitted.scale);
  });
  return Object.freeze({
    channels: frame.channels,
    mean: Object.freeze(mean),
    scale: Object.freeze(scale),
    rows: Object.freeze({ start: rows.start, end: rows.end }),
  });
}

/**
 * `(x - mean) / scale` for every channel, in a new frame; missing stays missing, the input is untouched.
 *
 * @throws PatchBertError `data/unknown-channel` when the scaler was fitted without one of the channels.
 * @example
 * const scaled = applyScaler(frame, scaler);
 */
export function applyScaler(frame: Frame, scaler: Scaler): Frame {
  return mapChannels('applyScaler', frame, scaler, (value, mean, scale) => (value - mean) / scale);
}

/**
 * `x * scale + mean` for every channel, in a new frame: back to the user's units.
 *
 * @throws PatchBertError `data/unknown-channel` when the scaler was fitted without one of the channels.
 * @example
 * const original = invertScaler(scaled, scaler);
 */
export function invertScaler(frame: Frame, scaler: Scaler): Frame {
  return mapChannels('invertScaler', frame, scaler, (value, mean, scale) => value * scale + mean);
}

function mapChannels(
  where: string,
  frame: Frame,
  scaler: Scaler,
  transform: (value: number, mean: number, scale: number) => number,
): Frame {
  const columns = frame.columns.map((column, c) => {
    const fitted = channelIndex(where, scaler.channels, frame.channels[c]!);
    const mean = scaler.mean[fitted]!;
    const scale = scaler.scale[fitted]!;
    return column.map((value) => transform(value, mean, scale));
  });
  return createFrame({ ...frame, columns });
}

/** Float64 two-pass: a large common offset must not eat the variance. Undefined when all is missing. */
function fitColumn(values: Float32Array): { mean: number; scale: number } | undefined {
  let [count, sum] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
  }
  if (count === 0) return undefined;
  const mean = sum / count;
  let squares = 0;
  for (const value of values) {
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / count);
  return { mean, scale: deviation > 0 ? deviation : 1 };
}
