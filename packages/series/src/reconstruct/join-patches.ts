import { tokenCount } from '../config/series-model.ts';
import { channelGroups, type SeriesInputs } from '../input/series-inputs.ts';

/**
 * Patches of every place laid over each other: `[S, V, channels together * patchLength] -> [channels * length]` of each series. A point that
 * several patches hold is their mean; what a patch says beyond the end is left out.
 *
 * @param series S, or S / channels when channels are independent.
 */
export function joinPatches(patches: Float32Array, series: number, inputs: SeriesInputs): Float32Array[] {
  const { length, patchLength, patchStride } = inputs.model;
  const channels = inputs.channels.length;
  const groups = channelGroups(inputs);
  const together = channels / groups;
  const places = tokenCount(inputs.model);
  const held = patchesPerPoint(places, inputs);
  let next = 0;
  return Array.from({ length: series }, () => {
    const points = new Float32Array(channels * length);
    for (let first = 0; first < channels; first += together) {
      for (let place = 0; place < places; place++) {
        for (let c = first; c < first + together; c++) {
          const start = place * patchStride;
          const end = Math.min(length, start + patchLength);
          for (let point = start; point < end; point++) {
            points[c * length + point]! += patches[next + point - start]! / held[point]!;
          }
          next += patchLength;
        }
      }
    }
    return points;
  });
}

/** How many patches hold each point. */
function patchesPerPoint(places: number, { model }: Pick<SeriesInputs, 'model'>): Uint32Array {
  const { length, patchLength, patchStride } = model;
  const held = new Uint32Array(length);
  for (let place = 0; place < places; place++) {
    const start = place * patchStride;
    const end = Math.min(length, start + patchLength);
    for (let point = start; point < end; point++) held[point]!++;
  }
  return held;
}
