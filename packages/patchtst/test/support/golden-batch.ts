import { float32Tensor, type HostTensors } from '@patchbert/ops';
import {
  classificationBatch,
  forecastingBatch,
  forecastPatchMask,
  type PatchTSTConfig,
  pretrainingBatch,
  randomPatchMask,
  regressionBatch,
} from '../../src/index.ts';
import { type GoldenModel, golden, goldenSeries } from './golden-models.ts';

/** The mask that a fixture's draws give. */
export function goldenMask(config: PatchTSTConfig, { io }: GoldenModel): Uint8Array {
  if (config.masking.kind === 'forecast') return forecastPatchMask(config, golden(io, 'mask_perm').data);
  return randomPatchMask(config, golden(io, 'mask_noise').data);
}

/** What a fixture was trained on, as a batch of ours; `undefined` for a model without a head. */
export function goldenBatch(config: PatchTSTConfig, model: GoldenModel): HostTensors | undefined {
  const series = goldenSeries(model);
  const { io } = model;
  switch (config.task) {
    case 'pretrain': {
      const mask = goldenMask(config, model);
      const batch = pretrainingBatch(config, series, mask);
      // Their loss counts hidden points without a value too.
      const lossWeight = float32Tensor(Float32Array.from(mask), [...batch.patches!.shape.slice(0, 3), 1]);
      return { ...batch, lossWeight };
    }
    case 'forecast':
      return forecastingBatch(config, series, golden(io, 'future_values'));
    case 'classify':
      return classificationBatch(config, series, golden(io, 'target_values').data);
    case 'regress':
      return regressionBatch(config, series, golden(io, 'target_values'));
    case 'encode':
      return undefined;
  }
}
