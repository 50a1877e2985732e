import { PatchBertError } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors, patchifySeries } from '@patchbert/ops';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { seriesLayout } from '../config/token-layout.ts';
import { hidePatches } from '../series/patch-masks.ts';
import { prepareSeries } from '../series/prepare-series.ts';
import { type RawSeries, seriesRows } from '../series/raw-series.ts';

/**
 * A batch to pretrain on: `patches` with the hidden ones filled, the scaled patches as `target`, and as `lossWeight` `[B, C, N, P]` 1 for
 * hidden points that were measured. Hugging Face's loss counts hidden points without a value too, as if 0 had been measured; for that,
 * give the mask `[B, C, N, 1]` as `lossWeight`.
 *
 * @param mask `[B*C*N]`, 1 = hidden, such as from `drawPatchMask`.
 * @throws PatchBertError `patchtst/bad-series`, `patchtst/bad-mask`.
 */
export function pretrainingBatch(
  config: PatchTSTConfig,
  series: RawSeries,
  mask: ArrayLike<number>,
): HostTensors {
  const { patches, loc, scale } = prepareSeries(config, series);
  const hidden = hidePatches(config, patches, mask);
  const { observed } = seriesRows(config, series);
  const measured = patchifySeries(Float32Array.from(observed), seriesLayout(config)); // [B*C, L] -> [B*C, N, P]
  const counted = measured.map((seen, i) => seen * mask[Math.floor(i / config.patchLength)]!);
  return { patches: hidden, loc, scale, target: patches, lossWeight: float32Tensor(counted, patches.shape) };
}

/**
 * A batch to train a forecaster on.
 *
 * @param future `[B, H, C]` in the series' own units; where it is NaN the loss does not count.
 * @throws PatchBertError `patchtst/bad-series`, `patchtst/bad-target`.
 */
export function forecastingBatch(config: PatchTSTConfig, series: RawSeries, future: HostTensor): HostTensors {
  const prepared = prepareSeries(config, series);
  const shape = [prepared.patches.shape[0]!, config.horizon, config.channels];
  return { ...prepared, ...measuredTarget('forecastingBatch', future, shape) };
}

/**
 * A batch to train a regressor on.
 *
 * @param values `[B, K]`; where one is NaN the loss does not count.
 * @throws PatchBertError `patchtst/bad-series`, `patchtst/bad-target`.
 */
export function regressionBatch(config: PatchTSTConfig, series: RawSeries, values: HostTensor): HostTensors {
  const prepared = prepareSeries(config, series);
  return {
    ...prepared,
    ...measuredTarget('regressionBatch', values, [prepared.patches.shape[0]!, config.targets]),
  };
}

/**
 * A batch to train a classifier on: `target` `[B, K]` is 1 at the class of each sample.
 *
 * @param classes one of 0 to K - 1 for each sample.
 * @throws PatchBertError `patchtst/bad-series`, `patchtst/bad-target`.
 */
export function classificationBatch(
  config: PatchTSTConfig,
  series: RawSeries,
  classes: ArrayLike<number>,
): HostTensors {
  const prepared = prepareSeries(config, series);
  const batch = prepared.patches.shape[0]!;
  const { targets } = config;
  const wrong = Array.from(classes).findIndex((one) => !Number.isInteger(one) || one < 0 || one >= targets);
  if (classes.length !== batch || wrong >= 0) {
    throw new PatchBertError(
      'patchtst/bad-target',
      wrong >= 0
        ? `classificationBatch: class ${classes[wrong]} of sample ${wrong} is none of 0 to ${targets - 1}.`
        : `classificationBatch: ${classes.length} classes for ${batch} series; expected one each.`,
    );
  }
  const target = new Float32Array(batch * targets);
  for (let i = 0; i < batch; i++) target[i * targets + classes[i]!] = 1;
  return {
    ...prepared,
    target: float32Tensor(target, [batch, targets]),
    lossWeight: float32Tensor(new Float32Array(batch).fill(1)),
  };
}

function measuredTarget(caller: string, target: HostTensor, shape: readonly number[]): HostTensors {
  if (target.shape.join() !== shape.join()) {
    throw new PatchBertError(
      'patchtst/bad-target',
      `${caller}: the targets have shape [${target.shape.join(', ')}]; expected [${shape.join(', ')}].`,
    );
  }
  const at = target.data.findIndex((value) => !Number.isFinite(value) && !Number.isNaN(value));
  if (at >= 0) {
    throw new PatchBertError(
      'patchtst/bad-target',
      `${caller}: target ${at} is ${target.data[at]}; expected a finite number, or NaN where nothing was measured.`,
    );
  }
  return {
    target: float32Tensor(
      Float32Array.from(target.data, (value) => (Number.isNaN(value) ? 0 : value)),
      shape,
    ),
    lossWeight: float32Tensor(
      Float32Array.from(target.data, (value) => (Number.isNaN(value) ? 0 : 1)),
      shape,
    ),
  };
}
