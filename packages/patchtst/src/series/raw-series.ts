import { PatchBertError } from '@patchbert/errors';
import { float32Tensor, type HostTensor } from '@patchbert/ops';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';

/** Series as measured: the contexts of a batch. */
export interface RawSeries {
  /** `[B, L, C]` in the series' own units, time by time as rows of a table; NaN is missing. */
  readonly values: HostTensor;
  /** As long as `values`, 1 = measured; what NaN marks needs no second mark. Default: everything but NaN. */
  readonly observed?: Uint8Array | undefined;
}

/**
 * A batch of series from one array of rows: `[B * L * C]`, the channels of each point together.
 *
 * @throws PatchBertError `patchtst/bad-series` when the values are not whole series.
 * @example
 * rawSeries(config, table.subarray(-512 * 7)); // the last 512 rows of seven channels
 */
export function rawSeries(config: PatchTSTConfig, values: Float32Array, observed?: Uint8Array): RawSeries {
  const { contextLength, channels } = config;
  const size = contextLength * channels;
  if (values.length === 0 || values.length % size !== 0) {
    throw new PatchBertError(
      'patchtst/bad-series',
      `rawSeries: ${values.length} values are not whole series of ${contextLength} points x ${channels} channels. Cut them to the ` +
        "model's context.",
    );
  }
  return { values: float32Tensor(values, [values.length / size, contextLength, channels]), observed };
}

/** The same series, channel by channel `[B*C, L]`, with 0 where nothing was measured. */
export interface SeriesRows {
  readonly batch: number;
  readonly values: Float32Array;
  readonly observed: Uint8Array;
}

/** Checks raw series and turns them to one row per channel. */
export function seriesRows(config: PatchTSTConfig, { values, observed }: RawSeries): SeriesRows {
  const { contextLength, channels } = config;
  const [batch = 0, length, width] = values.shape;
  const { data } = values;
  if (values.shape.length !== 3 || length !== contextLength || width !== channels || batch < 1) {
    throw badSeries(
      `values have shape [${values.shape.join(', ')}]; expected [series, ${contextLength}, ${channels}] (series, contextLength, ` +
        'channels)',
    );
  }
  const size = batch * contextLength * channels;
  if (data.length !== size || (observed !== undefined && observed.length !== size)) {
    throw badSeries(
      `a batch of ${batch} series has ${size} values; got ${data.length}` +
        (observed === undefined ? '' : ` and ${observed.length} marks of what was observed`),
    );
  }
  const rows = new Float32Array(size);
  const seen = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const value = data[i]!;
    const to = (Math.floor(i / (contextLength * channels)) * channels + (i % channels)) * contextLength;
    const time = Math.floor(i / channels) % contextLength;
    const missing = Number.isNaN(value);
    if (!missing && !Number.isFinite(value)) {
      throw badSeries(`value ${i} is ${value}; expected a finite number, or NaN where nothing was measured`);
    }
    if (missing || observed?.[i] === 0) continue;
    rows[to + time] = value;
    seen[to + time] = 1;
  }
  return { batch, values: rows, observed: seen };
}

function badSeries(what: string): PatchBertError {
  return new PatchBertError('patchtst/bad-series', `prepareSeries: ${what}.`);
}
