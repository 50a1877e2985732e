import { augmentSeries, maskCells, mixUp, type SeriesPoints } from '@patchbert/augment';
import { drawDropoutMasks, dropoutMaskSpecs } from '@patchbert/encoder';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { deriveKey, type RandomKey, uniforms } from '@patchbert/random';
import {
  batchSizeFor,
  cutPatches,
  DROPOUT_PREFIX,
  drawPlaces,
  encoderOf,
  placeTensors,
  type SeriesInputs,
  seriesOfStep,
  tokenCount,
} from '@patchbert/series';
import type { FineTuning } from './fine-tuning-config.ts';

export interface FineTuningBatchOptions {
  readonly series: readonly SeriesPoints[];
  /** `[series, outputs]`: class probabilities, or the scaled value. */
  readonly targets: Float32Array;
  readonly outputs: number;
  /** `[series]`: how much each counts. */
  readonly weights: Float32Array;
  readonly inputs: SeriesInputs;
  readonly config: FineTuning;
  readonly headWidth: number;
  readonly key: RandomKey;
}

/** The inputs of fine-tuning step `step`, from 1: a pure function of the options and the step. */
export function fineTuningBatches(options: FineTuningBatchOptions): (step: number) => HostTensors {
  const { series, targets, outputs, weights, inputs, config, key } = options;
  const batchSize = batchSizeFor(config.training.batchSize, series.length);
  const count = tokenCount(inputs.model);
  const encoder = encoderOf(inputs);
  return (step) => {
    const samples = seriesOfStep(series.length, batchSize, step, key);
    const target = new Float32Array(batchSize * outputs);
    const lossWeight = Float32Array.from(samples, (index) => weights[index]!);
    const views = samples.map((index, i) => {
      const own = deriveKey(key, 'series', step, i);
      const augmented = augmentSeries(series[index]!, config.augmentation, own);
      const from = index * outputs;
      target.set(targets.subarray(from, from + outputs), i * outputs);
      return maskSome(augmented, options, deriveKey(own, 'mask'));
    });
    const mixed =
      config.mixUp > 0
        ? mixViews(views, { target, lossWeight }, config.mixUp, deriveKey(key, 'mix', step))
        : views;
    const places = drawPlaces(count, config.keptTokens, deriveKey(key, 'step', step));
    const patches = cutPatches(mixed, inputs, places);
    const specs = dropoutMaskSpecs(encoder, { series: patches.shape[0]!, tokens: places.length });
    const dropout = {
      ...drawDropoutMasks(encoder, specs, deriveKey(key, 'dropout', step)),
      ...(config.headDropout > 0 &&
        drawDropoutMasks(
          { dropout: config.headDropout },
          { head: { shape: [batchSize, options.headWidth], dtype: 'float32' } },
          deriveKey(key, 'dropout', step),
        )),
    };
    return {
      patches,
      ...placeTensors(places, count),
      target: float32Tensor(target, [batchSize, outputs]),
      lossWeight: float32Tensor(lossWeight),
      ...Object.fromEntries(Object.entries(dropout).map(([name, mask]) => [DROPOUT_PREFIX + name, mask])),
    };
  };
}

function maskSome(
  points: SeriesPoints,
  { config, inputs }: FineTuningBatchOptions,
  key: RandomKey,
): SeriesPoints {
  if (config.maskedSeries === 0 || config.mostMasked === 0) return points;
  const [whether, howMuch] = uniforms(deriveKey(key, 'share'), 2) as unknown as [number, number];
  if (whether >= config.maskedSeries) return points;
  return maskCells(
    points,
    { cellLength: inputs.model.patchLength, share: howMuch * config.mostMasked },
    key,
    points,
  );
}

/** Each series mixed with the next one of the batch, and its target and weight likewise. */
function mixViews(
  views: readonly SeriesPoints[],
  perSeries: { readonly target: Float32Array; readonly lossWeight: Float32Array },
  alpha: number,
  key: RandomKey,
): SeriesPoints[] {
  const before = Object.values(perSeries).map((numbers) => ({ numbers, old: numbers.slice() }));
  return views.map((view, i) => {
    const other = (i + 1) % views.length;
    const { points, share } = mixUp(view, views[other]!, { alpha }, deriveKey(key, i));
    for (const { numbers, old } of before) {
      const width = old.length / views.length;
      for (let k = 0; k < width; k++) {
        numbers[i * width + k] = share * old[i * width + k]! + (1 - share) * old[other * width + k]!;
      }
    }
    return points;
  });
}
