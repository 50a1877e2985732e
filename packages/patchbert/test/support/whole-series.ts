import { createSeriesSet, type SeriesSet } from 'patchbert';

/** Series of two channels and unequal lengths, some points missing: waves that are slow or fast. */
export function waves(count: number, { seed = 0, first = 0 } = {}): SeriesSet {
  const index = Array.from({ length: count }, (_, i) => i + first);
  const points = (i: number) => 24 + ((i * 7 + seed) % 9);
  const value = (i: number, c: number, t: number) =>
    (i * 5 + t * 3 + c) % 41 === 0
      ? Number.NaN
      : Math.sin(t / (isFast(i) ? 1.5 : 4) + i + c) + 0.05 * ((i * t) % 7);
  return createSeriesSet({
    name: 'waves',
    channels: ['x', 'y'],
    series: index.map((i) => ({
      id: `${i}`,
      values: [0, 1].map((c) => Float32Array.from({ length: points(i) }, (_, t) => value(i, c, t))),
    })),
    labels: index.map((i) => (isFast(i) ? 'fast' : 'slow')),
  });
}

/** The same waves with their speed as a number. */
export function paces(count: number, options = {}): SeriesSet {
  const { labels, ...rest } = waves(count, options);
  return createSeriesSet({
    ...rest,
    targets: Float64Array.from(labels!, (label, i) => (label === 'fast' ? 20 : 10) + (i % 3)),
  });
}

function isFast(i: number): boolean {
  return i % 3 === 0;
}

/** Options that make a fit a matter of a second. */
export const tiny = {
  members: 1,
  model: { width: 8, layers: 1, heads: 2, feedForwardWidth: 16 },
  pretraining: { training: { steps: 4, batchSize: 8 } },
  fineTuning: { training: { steps: 6, batchSize: 8 } },
} as const;
