import { type RandomKey, uniforms } from '@patchbert/random';
import { checkedOption } from '../points/checked-option.ts';
import { separateOutputFor } from '../points/checked-points.ts';
import { pointExtent } from '../points/point-extent.ts';
import type { SeriesPoints } from '../points/series-points.ts';
import { portableSine } from '../random/portable-sine.ts';

/** How far time may be bent; each draw is uniform on plus or minus the number given. */
export interface TimeWarpOptions {
  /** Faster or slower about the middle of the series, as a share of the speed; 0.1 by default. */
  readonly stretch?: number;
  /** Earlier or later, as a share of the series' length; 0.1 by default. */
  readonly shift?: number;
  /** Faster here and slower there by one sine wave over the series, as a share of the speed; 0.03 by default. */
  readonly wave?: number;
}

/**
 * Bends time: point t of the result is the series at
 * `m + (t - m)(1 + stretch) + shift * n + wave * n / (2 pi) * sin(2 pi t / n + phase)`, for a series of n points with middle m,
 * between its two neighbours. All channels are bent alike. A point from outside the series, or beside one that is not
 * visible, is not visible. With all strengths 0 nothing changes.
 *
 * @param out where to write, `[channels * length]` with arrays of its own; new points by default.
 * @throws PatchBertError `augment/bad-option`, `augment/bad-points`, `augment/uneven-shapes`, `augment/same-buffer`.
 * @example
 * const bent = timeWarp(points, { stretch: 0.1, shift: 0.1, wave: 0.03 }, deriveKey(randomKey(0), 'warp', step, id));
 */
export function timeWarp(
  points: SeriesPoints,
  { stretch = 0.1, shift = 0.1, wave = 0.03 }: TimeWarpOptions,
  key: RandomKey,
  out?: SeriesPoints,
): SeriesPoints {
  checkedOption('timeWarp', 'stretch', stretch, 1);
  checkedOption('timeWarp', 'shift', shift, 1);
  checkedOption('timeWarp', 'wave', wave, 1);
  const target = separateOutputFor('timeWarp', points, out);
  const extent = pointExtent(points);
  const draws = uniforms(key, 4);
  const speed = 1 + signed(draws[0]!) * stretch;
  const offset = signed(draws[1]!) * shift * extent;
  const amplitude = (signed(draws[2]!) * wave * extent) / (2 * Math.PI);
  const phase = draws[3]!;
  const middle = (extent - 1) / 2;
  const { below, share } = timeMap(points.length, extent, (t) => {
    const bent = amplitude === 0 ? 0 : amplitude * portableSine(t / extent + phase);
    return middle + (t - middle) * speed + offset + bent;
  });
  for (let c = 0; c < points.channels; c++) interpolate(points, c * points.length, below, share, target);
  return target;
}

/** A uniform number of [0, 1) on [-1, 1). */
function signed(uniform: number): number {
  return 2 * uniform - 1;
}

interface TimeMap {
  /** Last point at or before the time; -1 for a time outside the series. */
  readonly below: Int32Array;
  /** Share of the way from there to the next point. */
  readonly share: Float64Array;
}

function timeMap(length: number, extent: number, timeAt: (t: number) => number): TimeMap {
  const below = new Int32Array(length).fill(-1);
  const share = new Float64Array(length);
  for (let t = 0; t < length; t++) {
    const time = timeAt(t);
    if (time < 0 || time > extent - 1) continue;
    const floor = Math.floor(time);
    below[t] = floor;
    share[t] = time - floor;
  }
  return { below, share };
}

/** One channel, whose first point stands at `start`. */
function interpolate(
  { length, values, visible }: SeriesPoints,
  start: number,
  below: Int32Array,
  share: Float64Array,
  out: SeriesPoints,
): void {
  for (let t = 0; t < length; t++) {
    const part = share[t]!;
    const left = start + below[t]!;
    let value = 0;
    let seen = 0;
    if (below[t]! >= 0 && visible[left] === 1) {
      if (part === 0) {
        value = values[left]!;
        seen = 1;
      } else if (visible[left + 1] === 1) {
        value = values[left]! + part * (values[left + 1]! - values[left]!);
        seen = 1;
      }
    }
    out.values[start + t] = value;
    out.visible[start + t] = seen;
  }
}
