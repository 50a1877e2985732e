import { type ChannelValues, withoutGaps } from '../neighbours/comparable-series.ts';

const QUANTILES = [0.1, 0.25, 0.5, 0.75, 0.9];
const OCTAVES = 4;

/**
 * Numbers that describe one series without its shape, for a baseline. For each channel, of its measured points: mean,
 * deviation, least, largest, their places (0 to 1), rise of the straight line fitted over the whole length, skewness, excess
 * kurtosis, quantiles 10, 25, 50, 75 and 90 %, autocorrelation at lag 1, mean absolute step, share of steps that cross the
 * mean, root mean square in the four highest octaves of frequency (Haar 1910), share missing. Last, the length of the series.
 *
 * @param series `[channels][points]`, NaN missing, any length.
 * @returns `[22 * channels + 1]`, always finite: what is undefined, as for a channel without points, is 0.
 * @example
 * summaryFeatures([Float32Array.of(1, 2, 3)])[0]; // 2, the mean
 */
export function summaryFeatures(series: ChannelValues): Float64Array {
  const features = [...series.flatMap(channelFeatures), series[0]?.length ?? 0];
  return Float64Array.from(features, (value) => (Number.isFinite(value) ? value : 0));
}

function channelFeatures(channel: Float32Array): number[] {
  const measured = Float64Array.from(channel).filter(Number.isFinite);
  const places = [...channel.keys()].filter((t) => Number.isFinite(channel[t]));
  const mean = meanOf(measured);
  const deviation = Math.sqrt(meanOf(measured.map((value) => (value - mean) ** 2)));
  const moment = (power: number) => meanOf(measured.map((value) => ((value - mean) / deviation) ** power));
  const sorted = measured.toSorted();
  const steps = measured.subarray(1).map((value, i) => value - measured[i]!);
  const products = measured.subarray(1).map((value, i) => (value - mean) * (measured[i]! - mean));
  const last = Math.max(1, channel.length - 1);
  // A constant channel has no shape; rounding of its mean would otherwise look like one.
  const shape = (value: number) => (sorted[0] === sorted.at(-1) ? 0 : value);
  return [
    mean,
    shape(deviation),
    sorted[0] ?? 0,
    sorted.at(-1) ?? 0,
    (places[measured.indexOf(sorted[0]!)] ?? 0) / last,
    (places[measured.indexOf(sorted.at(-1)!)] ?? 0) / last,
    shape(slopeOf(places, measured, mean) * last),
    shape(moment(3)),
    shape(moment(4) - 3),
    ...QUANTILES.map((share) => quantile(sorted, share)),
    shape(sumOf(products) / (measured.length * deviation ** 2)),
    meanOf(steps.map(Math.abs)),
    shape(meanOf(products.map((product) => (product < 0 ? 1 : 0)))),
    ...octaveAmplitudes(withoutGaps(channel)),
    1 - measured.length / channel.length,
  ];
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function meanOf(values: Float64Array): number {
  return sumOf(values) / values.length;
}

/** Least squares, per point. */
function slopeOf(places: readonly number[], values: Float64Array, mean: number): number {
  const centre = places.reduce((sum, place) => sum + place, 0) / places.length;
  let along = 0;
  let squares = 0;
  places.forEach((place, i) => {
    along += (place - centre) * (values[i]! - mean);
    squares += (place - centre) ** 2;
  });
  return along / squares;
}

/** Linear interpolation between order statistics. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (place - below) * (high - low);
}

/** Root mean squares of the Haar details of levels 1 to 4: differences of neighbours, of means of two, four and eight. */
function octaveAmplitudes(values: Float64Array): number[] {
  const amplitudes: number[] = [];
  for (let level = 0; level < OCTAVES; level++) {
    const pairs = values.length >> 1;
    let squares = 0;
    const halved = new Float64Array(pairs);
    for (let i = 0; i < pairs; i++) {
      const [left, right] = [values[2 * i]!, values[2 * i + 1]!];
      squares += ((left - right) / 2) ** 2;
      halved[i] = (left + right) / 2;
    }
    amplitudes.push(Math.sqrt(squares / pairs));
    values = halved;
  }
  return amplitudes;
}
