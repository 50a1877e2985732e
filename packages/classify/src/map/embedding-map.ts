import { PatchBertError } from '@patchbert/errors';
import { type Standardised, standardise } from '@patchbert/probe';
import type { RandomKey } from '@patchbert/random';
import { principalComponents } from './principal-components.ts';

export interface EmbeddingMapOptions {
  /** `[rows, columns]`, row-major: one embedding per series, finite, in any units. */
  readonly features: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  /** What the start of the search for components, and every draw of UMAP, comes from. */
  readonly key: RandomKey;
  /** Default 'PCA'. */
  readonly method?: 'PCA' | 'UMAP';
}

/** Places of series in a plane; distances have no unit. */
export interface EmbeddedPlane {
  /** PCA where UMAP was asked for and there are too few series for it. */
  readonly method: 'PCA' | 'UMAP';
  /** One per row of the features. */
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** PCA: what share of the variance of the standardised features each axis holds, 0 to 1. */
  readonly explained?: readonly [number, number];
}

/** UMAP needs neighbourhoods; below this many series there is only one. */
const FEWEST_FOR_UMAP = 8;
const NEIGHBOURS = 15;
/** Neighbours are looked for among this many components: distances in more are slower and no better. */
const UMAP_COMPONENTS = 32;

/**
 * Lays embeddings `[rows, columns]` out in a plane, to be looked at: along the two principal components, or by UMAP
 * (McInnes, Healy & Melville 2018) of the leading components. Features are standardised first, constant ones left out.
 * The same features and key give the same map on the same machine. A map of 9,000 embeddings of 1,024 features takes
 * seconds by PCA; UMAP takes seconds for a thousand.
 *
 * @throws PatchBertError `classify/bad-map` unless there is a row and a column, the sizes agree and all values are finite.
 *
 * @example
 * const map = await embeddingMap({ features, rows: 272, columns: 1024, key: randomKey(0), method: 'UMAP' });
 * map.points[0]; // { x: 3.1, y: -0.4 }
 */
export async function embeddingMap(options: EmbeddingMapOptions): Promise<EmbeddedPlane> {
  checkSizes(options);
  const { rows, key, method = 'PCA' } = options;
  const standardised = standardise({
    rows: options.rows,
    columns: options.columns,
    values: options.features,
  });
  if (method === 'UMAP' && rows >= FEWEST_FOR_UMAP && standardised.columns > 0) {
    const { umapPoints } = await import('./umap-points.ts');
    const points = await umapPoints(leading(standardised, key), {
      neighbours: Math.min(NEIGHBOURS, rows - 1),
      key,
    });
    return { method, points };
  }
  const { scores, shares } = principalComponents(standardised, { count: 2, tolerance: 1e-9, key });
  return {
    method: 'PCA',
    points: Array.from({ length: rows }, (_, row) => ({ x: scores[2 * row]!, y: scores[2 * row + 1]! })),
    explained: [shares[0]!, shares[1]!],
  };
}

/** The rows UMAP measures distances between. */
function leading(standardised: Standardised, key: RandomKey): number[][] {
  const { rows, columns, values } = standardised;
  if (columns <= UMAP_COMPONENTS) return rowsOf(values, rows, columns);
  const { scores } = principalComponents(standardised, { count: UMAP_COMPONENTS, tolerance: 1e-3, key });
  return rowsOf(scores, rows, UMAP_COMPONENTS);
}

function rowsOf(values: Float64Array, rows: number, columns: number): number[][] {
  return Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)]);
}

function checkSizes({ features, rows, columns }: EmbeddingMapOptions): void {
  const bad = (what: string) => new PatchBertError('classify/bad-map', `embeddingMap: ${what}`);
  for (const [name, size] of [
    ['rows', rows],
    ['columns', columns],
  ] as const) {
    if (!Number.isSafeInteger(size) || size < 1)
      throw bad(`${name} is ${size}; expected a whole number, 1 or more.`);
  }
  if (features.length !== rows * columns) {
    throw bad(
      `there are ${features.length} features; ${rows} rows of ${columns} columns need ${rows * columns}.`,
    );
  }
  const wrong = features.findIndex((value: number) => !Number.isFinite(value));
  if (wrong >= 0) {
    const [row, column] = [Math.floor(wrong / columns), wrong % columns];
    throw bad(
      `row ${row}, column ${column} is ${features[wrong]}; leave out series without finite embeddings.`,
    );
  }
}
