import type { ComparableSeries } from './comparable-series.ts';

/** For each point the smallest and largest value of its channel within `reach` points, `[length, channels]` each. */
export interface Envelope {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** In one pass with queues of candidates (Lemire 2009). */
export function envelopeOf(
  values: Float64Array,
  { length, channels }: ComparableSeries,
  reach: number,
): Envelope {
  const envelope = { lower: new Float64Array(values.length), upper: new Float64Array(values.length) };
  const queue = new Int32Array(length);
  for (const [result, sign] of [
    [envelope.lower, -1],
    [envelope.upper, 1],
  ] as const) {
    for (let c = 0; c < channels; c++) {
      let [first, after] = [0, 0];
      for (let t = 0; t < length + reach; t++) {
        if (t < length) {
          const value = sign * values[t * channels + c]!;
          while (after > first && sign * values[queue[after - 1]! * channels + c]! <= value) after -= 1;
          queue[after++] = t;
        }
        if (t < reach) continue;
        while (queue[first]! < t - 2 * reach) first += 1;
        result[(t - reach) * channels + c] = values[queue[first]! * channels + c]!;
      }
    }
  }
  return envelope;
}

/**
 * A lower bound of the warping distance (LB_Keogh, Keogh & Ratanamahatana 2005): how far each point of `query` lies outside
 * the other series' envelope. Writes into `rest[t]` the sum from point t on; `[length + 1]`.
 */
export function keoghBound(
  query: Float64Array,
  { lower, upper }: Envelope,
  channels: number,
  rest: Float64Array,
): number {
  let sum = 0;
  for (let t = rest.length - 2; t >= 0; t--) {
    for (let at = t * channels; at < (t + 1) * channels; at++) {
      const value = query[at]!;
      const outside = Math.max(value - upper[at]!, lower[at]! - value);
      if (outside > 0) sum += outside * outside;
    }
    rest[t] = sum;
  }
  return sum;
}
