import { createSeriesSet, type SeriesSet } from '@patchbert/data';

export interface WavesOptions {
  readonly series: number;
  readonly channels: number;
  readonly length: number;
  readonly labelled?: boolean;
}

/** Sine waves of their own phase and one of two frequencies, the channels shifted against each other. */
export function waves({ series, channels, length, labelled = false }: WavesOptions): SeriesSet {
  return createSeriesSet({
    name: 'waves',
    channels: Array.from({ length: channels }, (_, c) => `wave ${c + 1}`),
    series: Array.from({ length: series }, (_, s) => ({
      id: String(s + 1),
      values: Array.from({ length: channels }, (_, c) =>
        Float32Array.from({ length }, (_, t) => 10 * c + Math.sin(1.7 * s + c + (t * (1 + (s % 2))) / 3)),
      ),
    })),
    ...(labelled && { labels: Array.from({ length: series }, (_, s) => (s % 2 === 0 ? 'slow' : 'fast')) }),
  });
}
