import { type SeriesSet, selectSeries } from '@patchbert/data';
import type { FeatureMatrix } from '@patchbert/probe';
import type { RandomKey } from '@patchbert/random';
import { embeddingMap } from '../map/embedding-map.ts';
import { shownNumber } from './shown-series.ts';

/** Embeddings of series in a plane, as a page draws them. */
export interface ShownMap {
  readonly method: 'PCA' | 'UMAP';
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    /** The true class, or the true value as text. */
    readonly label: string;
    readonly part: 'train' | 'test';
    /** Whether the predicted class is right; for test series of a classifier. */
    readonly correct?: boolean;
  }[];
  /** PCA: the share of the variance on each axis. */
  readonly explained?: readonly number[];
}

export interface MappedPart {
  readonly part: 'train' | 'test';
  readonly set: SeriesSet;
  /** Of all series of the set. */
  readonly features: FeatureMatrix;
  readonly correct?: readonly boolean[];
}

/** Series of one part that are drawn. */
const MOST_SERIES = 1500;

/** At most `MOST_SERIES` of a set, evenly spread; for what need not see all. */
export function spreadSeries(set: SeriesSet): SeriesSet {
  const step = Math.max(1, set.series.length / MOST_SERIES);
  const count = Math.min(set.series.length, MOST_SERIES);
  return selectSeries(
    set,
    Array.from({ length: count }, (_, i) => Math.floor(i * step)),
  );
}

/** Lays the series of all parts out in one plane. */
export async function embeddingPoints(
  parts: readonly MappedPart[],
  method: ShownMap['method'],
  key: RandomKey,
): Promise<ShownMap> {
  const [{ features: first }] = parts as readonly [MappedPart];
  const { columns } = first;
  const rows = parts.reduce((sum, { features }) => sum + features.rows, 0);
  const together = new Float32Array(rows * columns);
  let start = 0;
  for (const { features } of parts) {
    together.set(features.values, start);
    start += features.rows * columns;
  }
  const plane = await embeddingMap({ features: together, rows, columns, key, method });
  const described = parts.flatMap(({ part, set, correct }) =>
    set.series.map((_, i) => ({
      label: set.labels?.[i] ?? String(shownNumber(set.targets?.[i] ?? Number.NaN)),
      part,
      ...(correct && { correct: correct[i]! }),
    })),
  );
  return {
    method: plane.method,
    points: plane.points.map(({ x, y }, i) => ({
      x: shownNumber(x) ?? 0,
      y: shownNumber(y) ?? 0,
      ...described[i]!,
    })),
    ...(plane.explained && { explained: plane.explained }),
  };
}
