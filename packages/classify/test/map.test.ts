import { type EmbeddingMapOptions, embeddingMap } from '@patchbert/classify';
import { deriveKey, normals, randomKey } from '@patchbert/random';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const key = randomKey(7);

describe('embeddingMap by PCA', () => {
  it('finds the axis along which features move together, and how much of the variance it holds', async () => {
    const along = normals(key, 50);
    const features = Float64Array.from(
      { length: 150 },
      (_, at) => along[Math.floor(at / 3)]! * [1, -20, 0.01][at % 3]!,
    );
    const { method, points, explained } = await embeddingMap({ features, rows: 50, columns: 3, key });
    expect(method).toBe('PCA');
    expect(explained![0]).toBeCloseTo(1, 9);
    expect(explained![1]).toBeCloseTo(0, 9);
    const ratio = points[0]!.x / (along[0]! - mean(along));
    for (const [row, { x, y }] of points.entries()) {
      expect(x).toBeCloseTo(ratio * (along[row]! - mean(along)), 6);
      expect(y).toBeCloseTo(0, 6);
    }
  });

  it('gives uncorrelated, centred axes whose variances are the shares, for more and for fewer rows than columns', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 3, max: 60 }),
        fc.integer({ min: 2, max: 40 }),
        fc.integer({ min: 0, max: 999 }),
        async (rows, columns, seed) => {
          const features = correlated(rows, columns, seed);
          const { points, explained } = await embeddingMap({ features, rows, columns, key });
          const [x, y] = [points.map((point) => point.x), points.map((point) => point.y)];
          expect(mean(x)).toBeCloseTo(0, 6);
          expect(mean(y)).toBeCloseTo(0, 6);
          const product = (a: number[], b: number[]) => mean(a.map((value, row) => value * b[row]!));
          expect(product(x, x) / columns).toBeCloseTo(explained![0], 6);
          expect(product(y, y) / columns).toBeCloseTo(explained![1], 6);
          expect(product(x, y) / columns).toBeCloseTo(0, 6);
          expect(explained![0]).toBeGreaterThanOrEqual(explained![1]);
        },
      ),
      { seed: 3, numRuns: 40 },
    );
  });

  it('holds at least as much variance as any two directions drawn at random', async () => {
    const [rows, columns] = [40, 12];
    const features = correlated(rows, columns, 5);
    const { explained } = await embeddingMap({ features, rows, columns, key });
    const standardised = standardise(features, rows, columns);
    for (let trial = 0; trial < 200; trial++) {
      const direction = normals(deriveKey(key, 'trial', trial), columns);
      const length = Math.hypot(...direction);
      const along = standardised.map((row) =>
        row.reduce((sum, value, at) => sum + (value * direction[at]!) / length, 0),
      );
      expect(mean(along.map((value) => value ** 2)) / columns).toBeLessThanOrEqual(explained![0] + 1e-9);
    }
  });

  it('does not depend on units, nor on the key beyond rounding', async () => {
    const features = correlated(30, 6, 11);
    const scaled = features.map((value, at) => 3 + value * [1, 100, 1e-3, 7, 2, 50][at % 6]!);
    const map = await embeddingMap({ features, rows: 30, columns: 6, key });
    const other = await embeddingMap({ features: scaled, rows: 30, columns: 6, key: randomKey(8) });
    for (const [row, { x, y }] of map.points.entries()) {
      expect(other.points[row]!.x).toBeCloseTo(x, 3);
      expect(other.points[row]!.y).toBeCloseTo(y, 3);
    }
  });

  it.each([
    [1, 1],
    [1, 5],
    [5, 1],
    [2, 2],
  ])('maps %i rows of %i columns', async (rows, columns) => {
    const { points } = await embeddingMap({ features: correlated(rows, columns, 1), rows, columns, key });
    expect(points).toHaveLength(rows);
    expect(points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
  });

  it('puts series that are all alike in one place', async () => {
    for (const method of ['PCA', 'UMAP'] as const) {
      const features = new Float32Array(60).map((_, at) => [0.1, 7, -3][at % 3]!);
      const map = await embeddingMap({ features, rows: 20, columns: 3, key, method });
      expect(map).toEqual({ method: 'PCA', points: Array(20).fill({ x: 0, y: 0 }), explained: [0, 0] });
    }
  });
});

describe('embeddingMap by UMAP', () => {
  it('keeps neighbours together', async () => {
    const [rows, columns] = [90, 48];
    const map = await embeddingMap({ features: clouds(rows, columns), rows, columns, key, method: 'UMAP' });
    expect(map.method).toBe('UMAP');
    expect(map.explained).toBeUndefined();
    for (const [row, { x, y }] of map.points.entries()) {
      const nearest = map.points
        .map((point, other) => ({ other, distance: Math.hypot(point.x - x, point.y - y) }))
        .filter(({ other }) => other !== row)
        .sort((a, b) => a.distance - b.distance)[0]!;
      expect(nearest.other % 3).toBe(row % 3);
    }
  });

  it('gives the same map for the same key, and another for another', async () => {
    const options: EmbeddingMapOptions = {
      features: clouds(40, 5),
      rows: 40,
      columns: 5,
      key,
      method: 'UMAP',
    };
    const map = await embeddingMap(options);
    expect(await embeddingMap(options)).toEqual(map);
    expect(await embeddingMap({ ...options, key: randomKey(8) })).not.toEqual(map);
  });

  it('leaves few series to PCA', async () => {
    const options = { features: correlated(7, 4, 2), rows: 7, columns: 4, key };
    expect(await embeddingMap({ ...options, method: 'UMAP' })).toEqual(await embeddingMap(options));
    const enough = await embeddingMap({
      features: correlated(8, 4, 2),
      rows: 8,
      columns: 4,
      key,
      method: 'UMAP',
    });
    expect(enough.method).toBe('UMAP');
  });
});

describe('embeddingMap refuses', () => {
  it.each([
    ['no rows', { features: new Float32Array(0), rows: 0, columns: 3 }, /rows is 0; expected a whole number/],
    ['half a column', { features: new Float32Array(3), rows: 2, columns: 1.5 }, /columns is 1.5/],
    [
      'sizes that disagree',
      { features: new Float32Array(5), rows: 2, columns: 3 },
      /there are 5 features; .* need 6/,
    ],
    [
      'NaN',
      { features: Float32Array.of(0, 1, 2, Number.NaN), rows: 2, columns: 2 },
      /row 1, column 1 is NaN/,
    ],
  ])('%s', async (_, options, message) => {
    await expect(embeddingMap({ ...options, key })).rejects.toMatchObject({
      code: 'classify/bad-map',
      message: expect.stringMatching(message),
    });
  });
});

/** Features that move together in part, of falling strength. */
function correlated(rows: number, columns: number, seed: number): Float64Array {
  const own = normals(deriveKey(randomKey(seed), 'own'), rows * columns);
  const common = normals(deriveKey(randomKey(seed), 'common'), rows * 2);
  return own.map((value, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    return value + common[2 * row]! * (3 - (column % 3)) + common[2 * row + 1]! * ((column % 4) - 1);
  });
}

/** Three clouds far apart; row r belongs to cloud r modulo 3. */
function clouds(rows: number, columns: number): Float32Array {
  const noise = normals(deriveKey(key, 'clouds'), rows * columns);
  return Float32Array.from(
    noise,
    (value, at) => value + 9 * Number((at % columns) % 3 === Math.floor(at / columns) % 3),
  );
}

function standardise(features: Float64Array, rows: number, columns: number): number[][] {
  const table = Array.from({ length: rows }, (_, row) => [
    ...features.subarray(row * columns, (row + 1) * columns),
  ]);
  const means = table[0]!.map((_, column) => mean(table.map((row) => row[column]!)));
  const deviations = means.map((middle, column) =>
    Math.sqrt(mean(table.map((row) => (row[column]! - middle) ** 2))),
  );
  return table.map((row) => row.map((value, column) => (value - means[column]!) / deviations[column]!));
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
