import { createSeriesSet, type SeriesSet } from '@patchbert/data';

const isFast = (i: number) => i % 3 === 0;

/** Series of two channels and unequal lengths, some points missing: waves that are fast (every third) or slow. */
export function waves(count: number, first = 0): SeriesSet {
  const index = Array.from({ length: count }, (_, i) => i + first);
  const value = (i: number, c: number, t: number) =>
    (i * 5 + t * 3 + c) % 41 === 0 ? Number.NaN : Math.sin(t / (isFast(i) ? 1.5 : 4) + i + c);
  return createSeriesSet({
    name: 'waves',
    channels: ['x', 'y'],
    series: index.map((i) => ({
      id: `${i}`,
      values: [0, 1].map((c) => Float32Array.from({ length: 20 + ((i * 7) % 9) }, (_, t) => value(i, c, t))),
    })),
    labels: index.map((i) => (isFast(i) ? 'fast' : 'slow')),
  });
}

/** The same waves with a number each: 20 to 22 for fast ones, 10 to 12 for slow ones. */
export function paces(count: number, first = 0): SeriesSet {
  const { labels, ...rest } = waves(count, first);
  const pace = (label: string, i: number) => (label === 'fast' ? 20 : 10) + (i % 3);
  return createSeriesSet({ ...rest, targets: Float64Array.from(labels!, pace) });
}

/** Settings that make a fit a matter of a second. */
export const tiny = {
  members: 1,
  model: { width: 8, layers: 1, heads: 2, feedForwardWidth: 16 },
  pretraining: { training: { steps: 4, batchSize: 8 } },
  fineTuning: { training: { steps: 6, batchSize: 8 } },
} as const;
