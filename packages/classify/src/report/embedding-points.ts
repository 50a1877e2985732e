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

/** Which of `count` series are drawn: at most `MOST_SERIES`, evenly spread. */
function spread(count: number): number[] {
  const step = Math.max(1, count / MOST_SERIES);
  return Array.from({ length: Math.min(count, MOST_SERIES) }, (_, i) => Math.floor(i * step));
}

/** The series of a set that are drawn; for what need not see all. */
export function spreadSeries(set: SeriesSet): SeriesSet {
  return selectSeries(set, spread(set.series.length));
}

/** The same of a part whose features are there already. */
function spreadPart({ part, set, features, correct }: MappedPart): MappedPart {
  const shown = spread(set.series.length);
  const { columns } = features;
  const values = new Float32Array(shown.length * columns);
  shown.forEach((row, i) => {
    values.set(features.values.subarray(row * columns, (row + 1) * columns), i * columns);
  });
  return {
    part,
    set: selectSeries(set, shown),
    features: { rows: shown.length, columns, values },
    ...(correct && { correct: shown.map((row) => correct[row]!) }),
  };
}

/** Lays the series of all parts out in one plane, at most `MOST_SERIES` of each. */
export async function embeddingPoints(
  given: readonly MappedPart[],
  method: ShownMap['method'],
  key: RandomKey,
): Promise<ShownMap> {
  const parts = given.map(spreadPart);
  const [{ features: first }] = parts as unknown as readonly [MappedPart];
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
