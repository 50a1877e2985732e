import {
  float32Tensor,
  type HostTensor,
  type HostTensors,
  instanceStatistics,
  type PatchLayout,
} from '@patchbert/ops';
import { exogenousWidth, writeExogenous } from '../task/exogenous.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import type { ForecastSample } from '../task/forecast-windows.ts';

/** A deviation below this share of the mean is rounding: the context is constant. */
export const ROUNDING = 1e-6;

/** Contexts of a batch, normalised on the host, and what takes a prediction back to the user's units. */
export interface ContextBatch {
  /** `context` `[S, L]`; with gaps `keyMask` `[S, N]`; with exogenous inputs `exogenous` `[S, E]`. */
  readonly inputs: HostTensors;
  /**
   * `[S]`: mean and deviation over the observed points of the context, float64; the deviation of a constant one is 0. An
   * empty one has the mean of its channel in the units of the task: over the training rows of its recording, or over the rows
   * before a forecast.
   */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

export interface ContextOptions {
  readonly horizon: number;
  /** Rows of the batch; samples beyond `samples.length` are padding. */
  readonly size: number;
  /** Patches, to say in which of them nothing was observed. Left out by models without patches. */
  readonly layout?: PatchLayout | undefined;
  /** Whether any series has missing values: then there is a `keyMask`. */
  readonly hasGaps: boolean;
}

/**
 * Reads contexts and normalises each by its own mean and deviation (RevIN, Kim et al. 2022), so that forecast(a x + b) =
 * a forecast(x) + b. Nothing from the origin on is read, and a sample's row does not depend on the others.
 */
export function contextBatch(
  task: ForecastTask,
  samples: readonly ForecastSample[],
  { horizon, size, layout, hasGaps }: ContextOptions,
): ContextBatch {
  const { panel, contextLength, exogenous, units } = task;
  const width = exogenousWidth(exogenous, horizon);
  const context = new Float32Array(size * contextLength);
  const known = new Float32Array(size * width);
  const means = new Float64Array(size);
  const deviations = new Float64Array(size);
  const keys = hasGaps && layout ? new Float32Array(size * layout.patchCount).fill(1) : undefined;
  samples.forEach(({ segment, channel, start }, s) => {
    const values = panel.frame.columns[channel]!.subarray(start, start + contextLength);
    const { mean, deviation } = contextStatistics(values);
    means[s] = deviation === 0 && values.every(Number.isNaN) ? units[segment]!.mean[channel]! : mean;
    deviations[s] = deviation;
    const offset = s * contextLength;
    const factor = deviation > 0 ? 1 / deviation : 0;
    for (let i = 0; i < contextLength; i++) {
      const value = values[i]!;
      context[offset + i] = Number.isNaN(value) ? 0 : (value - mean) * factor;
    }
    if (keys && layout) markKeys(values, layout, keys, s);
    if (width > 0) writeExogenous(exogenous, start + contextLength, horizon, known, s * width);
  });
  const inputs: Record<string, HostTensor> = { context: float32Tensor(context, [size, contextLength]) };
  if (keys && layout) inputs.keyMask = float32Tensor(keys, [size, layout.patchCount]);
  if (width > 0) inputs.exogenous = float32Tensor(known, [size, width]);
  return { inputs, means, deviations };
}

/** Mean and deviation of the observed values; an empty or constant context has the deviation 0. */
function contextStatistics(values: Float32Array): { mean: number; deviation: number } {
  const { mean, scale } = instanceStatistics(values, undefined, {
    start: 0,
    length: values.length,
    epsilon: 0,
  });
  return { mean, deviation: scale > ROUNDING * Math.abs(mean) ? scale : 0 };
}

/** 0 for a patch without an observed value; a series with none at all attends everywhere, for a finite result. */
function markKeys(values: Float32Array, layout: PatchLayout, keys: Float32Array, s: number): void {
  const { patchCount, patchLength, patchStride, dropped, padded } = layout;
  let seen = 0;
  for (let patch = 0; patch < patchCount; patch++) {
    const from = dropped - padded + patch * patchStride;
    const points = values.subarray(Math.max(0, from), from + patchLength);
    const observed = points.some((value) => !Number.isNaN(value));
    keys[s * patchCount + patch] = observed ? 1 : 0;
    if (observed) seen++;
  }
  if (seen === 0) keys.fill(1, s * patchCount, (s + 1) * patchCount);
}
