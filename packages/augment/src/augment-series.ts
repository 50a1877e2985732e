import { deriveKey, type RandomKey } from '@patchbert/random';
import { jitter } from './amplitude/jitter.ts';
import { scale } from './amplitude/scale.ts';
import type { Augmentation } from './augmentation-schema.ts';
import { crop } from './hiding/crop.ts';
import { dropChannels } from './hiding/drop-channels.ts';
import { keepPoints } from './hiding/keep-points.ts';
import { separateOutputFor } from './points/checked-points.ts';
import type { SeriesPoints } from './points/series-points.ts';
import { timeWarp } from './time/time-warp.ts';

/**
 * One random variant of a series: time warp, scale, jitter, crop and dropped channels, in this order, each under a key of its
 * own, so that turning one off leaves the draws of the others.
 *
 * @param augmentation a parsed `augmentationSchema`.
 * @param out where to write, `[channels * length]` with arrays of its own; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`, `augment/same-buffer`.
 * @example
 * const augmentation = augmentationSchema.parse({});
 * const view = augmentSeries(points, augmentation, deriveKey(randomKey(0), 'augment', step, id));
 */
export function augmentSeries(
  points: SeriesPoints,
  augmentation: Augmentation,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  const view = separateOutputFor('augmentSeries', points, out);
  if (augmentation.timeWarp === false) keepPoints(points, {}, view);
  else timeWarp(points, augmentation.timeWarp, deriveKey(key, 'time-warp'), view);
  if (augmentation.scale > 0) scale(view, { deviation: augmentation.scale }, deriveKey(key, 'scale'), view);
  if (augmentation.jitter > 0)
    jitter(view, { deviation: augmentation.jitter }, deriveKey(key, 'jitter'), view);
  if (augmentation.crop > 0) crop(view, { share: augmentation.crop }, deriveKey(key, 'crop'), view);
  if (augmentation.dropChannels > 0) {
    dropChannels(view, { share: augmentation.dropChannels }, deriveKey(key, 'drop-channels'), view);
  }
  return view;
}
