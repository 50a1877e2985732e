import { float32Tensor, type HostTensor, patchifySeries } from '@patchbert/ops';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { seriesLayout } from '../config/token-layout.ts';
import { type RawSeries, seriesRows } from './raw-series.ts';
import { seriesScales } from './series-scales.ts';

/** Scaled and cut series: the inputs of every step. */
export interface PreparedSeries {
  /** `[B, C, N, P]`, scaled. */
  readonly patches: HostTensor;
  /** `[B, 1, C]`: what was taken off, and what was divided by. */
  readonly loc: HostTensor;
  readonly scale: HostTensor;
}

/**
 * The host's part of a pass: series are scaled as a whole, in float64, then cut. A missing point is left out of the statistics and
 * enters as a scaled 0, as Hugging Face's users have it.
 *
 * @throws PatchBertError `patchtst/bad-series`.
 * @example
 * const batch = prepareSeries(model.config, rawSeries(model.config, rows));
 */
export function prepareSeries(config: PatchTSTConfig, series: RawSeries): PreparedSeries {
  const { contextLength, channels, patchLength } = config;
  const rows = seriesRows(config, series);
  const { loc, scale } = seriesScales(config, rows);
  const scaled = Float32Array.from(rows.values, (value, i) => {
    const s = Math.floor(i / contextLength);
    return (value - loc[s]!) / scale[s]!;
  });
  const layout = seriesLayout(config);
  const patches = patchifySeries(scaled, layout); // [B*C, L] -> [B*C, N, P]
  const perSeries = (values: Float64Array) =>
    float32Tensor(Float32Array.from(values), [rows.batch, 1, channels]);
  return {
    patches: float32Tensor(patches, [rows.batch, channels, layout.patchCount, patchLength]),
    loc: perSeries(loc),
    scale: perSeries(scale),
  };
}
