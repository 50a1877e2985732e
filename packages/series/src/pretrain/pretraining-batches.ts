import { type Augmentation, augmentSeries, type SeriesPoints } from '@patchbert/augment';
import { drawDropoutMasks, dropoutMaskSpecs } from '@patchbert/encoder';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import { deriveKey, type RandomKey } from '@patchbert/random';
import { tokenCount } from '../config/series-model.ts';
import { cutPatches, cutTargets } from '../input/cut-patches.ts';
import { encoderOf } from '../input/encoder-of.ts';
import { type HiddenCells, hideCells } from '../input/hide-cells.ts';
import type { SeriesInputs } from '../input/series-inputs.ts';
import { drawPlaces, placeTensors } from '../input/token-places.ts';
import { DROPOUT_PREFIX } from '../objectives/series-encoder-input.ts';
import { needsTwoViews } from '../objectives/series-pretraining.ts';
import { batchSizeFor, seriesOfStep } from '../training/series-batches.ts';
import type { SeriesPretraining } from './series-pretraining-config.ts';

export interface PretrainingBatchOptions {
  readonly series: readonly SeriesPoints[];
  readonly inputs: SeriesInputs;
  readonly config: SeriesPretraining;
  readonly key: RandomKey;
}

/** The inputs of pretraining step `step`, from 1: a pure function of the options and the step. */
export function pretrainingBatches(options: PretrainingBatchOptions): (step: number) => HostTensors {
  const { series, inputs, config, key } = options;
  const { augmentation, losses } = config;
  const { model } = inputs;
  const count = tokenCount(model);
  const encoder = encoderOf(inputs);
  const twoViews = needsTwoViews(losses);
  // A loss that compares views moment by moment needs them bent in time alike.
  const alignedViews = losses.hierarchicalContrast > 0;
  // It would take the same series twice in a batch for two.
  const most = alignedViews ? series.length : Number.POSITIVE_INFINITY;
  const batchSize = Math.min(most, batchSizeFor(config.training.batchSize, series.length));
  const bentAlike = (points: SeriesPoints, path: readonly number[]) =>
    augmentSeries(points, { ...still, timeWarp: augmentation.timeWarp }, deriveKey(key, 'time', ...path));
  const view = (index: number, name: string, path: readonly number[]) => {
    const own = deriveKey(key, name, ...path);
    const points = alignedViews ? bentAlike(series[index]!, path) : series[index]!;
    const strengths = alignedViews ? { ...augmentation, timeWarp: false as const } : augmentation;
    const share = name === 'first' ? config.maskRatio : config.secondMaskRatio;
    return hiddenView(points, { inputs, augmentation: strengths, share, key: own });
  };
  return (step) => {
    const samples = seriesOfStep(series.length, batchSize, step, key);
    const first = samples.map((index, i) => view(index, 'first', [step, i]));
    const second = twoViews ? samples.map((index, i) => view(index, 'second', [step, i])) : [];
    const places = drawPlaces(count, config.keptTokens, deriveKey(key, 'step', step));
    const seen = [...first, ...second].map(({ masked }) => masked);
    const patches = cutPatches(seen, inputs, places);
    const targets = cutTargets(
      first.map(({ original }) => original),
      first.map(({ masked }) => masked),
      model,
      places,
    );
    const specs = dropoutMaskSpecs(encoder, { series: patches.shape[0]!, tokens: places.length });
    const dropout = drawDropoutMasks(encoder, specs, deriveKey(key, 'dropout', step));
    return {
      patches,
      ...placeTensors(places, count),
      ...targets,
      ...(twoViews && { excluded: sameSeries(samples) }),
      ...Object.fromEntries(Object.entries(dropout).map(([name, mask]) => [DROPOUT_PREFIX + name, mask])),
    };
  };
}

interface ViewOptions {
  readonly inputs: SeriesInputs;
  readonly augmentation: Augmentation;
  readonly share: number;
  readonly key: RandomKey;
}

/** A variant of a series, and the same with cells hidden. */
function hiddenView(
  points: SeriesPoints,
  { inputs, augmentation, share, key }: ViewOptions,
): Pick<HiddenCells, 'original' | 'masked'> {
  const maskKey = deriveKey(key, 'mask');
  if (inputs.model.normalise !== 'per-series') {
    return hideCells(augmentSeries(points, augmentation, key), inputs, share, maskKey);
  }
  // Amplitudes are shares of a series' own deviation, which is known when its visible points are.
  const { scale, jitter, ...shape } = augmentation;
  const hidden = hideCells(augmentSeries(points, { ...still, ...shape }, key), inputs, share, maskKey);
  const original = augmentSeries(hidden.original, { ...still, scale, jitter }, key);
  const { visible } = hidden.masked;
  const values = original.values.map((value, i) => (visible[i] === 1 ? value : 0));
  return { original, masked: { ...hidden.masked, values } };
}

/** Augmentation that changes nothing. */
const still: Augmentation = { timeWarp: false, scale: 0, jitter: 0, crop: 0, dropChannels: 0 };

/** `[B, B]`: 1 where another entry of the batch is the same series and so no negative. */
function sameSeries(samples: readonly number[]) {
  const count = samples.length;
  const same = new Float32Array(count * count);
  samples.forEach((a, i) => {
    samples.forEach((b, j) => {
      if (i !== j && a === b) same[i * count + j] = 1;
    });
  });
  return float32Tensor(same, [count, count]);
}
