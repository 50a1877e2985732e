import { deriveKey, normals, type RandomKey } from '@patchbert/random';
import type { RidgeSums } from '../../src/index.ts';

/** Rows of a regression, in float64: `x` `[rows * inputs]` without the constant, `y` `[rows * targets]`, `w` `[rows]`. */
export interface Rows {
  readonly rows: number;
  readonly inputs: number;
  readonly targets: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly w: Float64Array;
}

/** Targets that are a linear map of random inputs, plus an offset and noise. Every number is a float32. */
export function randomRows(
  key: RandomKey,
  { rows, inputs, targets, noise = 0.5 }: { rows: number; inputs: number; targets: number; noise?: number },
): Rows {
  const draw = (name: string, count: number) => normals(deriveKey(key, name), count);
  const x = draw('x', rows * inputs).map(Math.fround);
  const map = draw('map', inputs * targets);
  const errors = draw('noise', rows * targets);
  const w = draw('w', rows).map((z) => Math.fround(Math.abs(z) + 0.1));
  const y = new Float64Array(rows * targets);
  for (let row = 0; row < rows; row++) {
    for (let h = 0; h < targets; h++) {
      let sum = 3 * (h + 1) + noise * errors[row * targets + h]!;
      for (let f = 0; f < inputs; f++) sum += x[row * inputs + f]! * map[f * targets + h]!;
      y[row * targets + h] = Math.fround(sum);
    }
  }
  return { rows, inputs, targets, x, y, w };
}

/** The same rows, other weights. */
export function reweighted(all: Rows, weight: (row: number) => number): Rows {
  return { ...all, w: all.w.map((_, row) => weight(row)) };
}

/** Weighted sums of products in float64, as `[X 1]`'[X 1] and `[X 1]`'Y. */
export function exactSums({ rows, inputs, targets, x, y, w }: Rows) {
  const features = inputs + 1;
  const gram = new Float64Array(features * features);
  const cross = new Float64Array(features * targets);
  const squares = new Float64Array(targets);
  let [weight, counted] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (w[row] === 0) continue;
    const at = (f: number) => (f === inputs ? 1 : x[row * inputs + f]!);
    weight += w[row]!;
    counted++;
    for (let i = 0; i < features; i++) {
      const scaled = w[row]! * at(i);
      for (let j = 0; j < features; j++) gram[i * features + j]! += scaled * at(j);
      for (let h = 0; h < targets; h++) cross[i * targets + h]! += scaled * y[row * targets + h]!;
    }
    for (let h = 0; h < targets; h++) squares[h]! += w[row]! * y[row * targets + h]! ** 2;
  }
  return { features, targets, gram, cross, squares, weight, rows: counted };
}

export function ridgeSums(all: Rows): RidgeSums {
  const { gram, cross, ...sums } = exactSums(all);
  return { ...sums, gram: Float32Array.from(gram), cross: Float32Array.from(cross) };
}

/** Ridge weights `[F * H]` by Gauss elimination with pivots in float64; the constant goes free. */
export function exactWeights(all: Rows, penalty: number): Float64Array {
  const { features, targets, gram, cross, weight } = exactSums(all);
  const width = features + targets;
  const rows = Array.from({ length: features }, (_, i) => {
    const row = new Float64Array(width);
    for (let j = 0; j < features; j++) row[j] = gram[i * features + j]! / weight;
    if (i < features - 1) row[i]! += penalty;
    for (let h = 0; h < targets; h++) row[features + h] = cross[i * targets + h]! / weight;
    return row;
  });
  for (let k = 0; k < features; k++) {
    let largest = k;
    for (let i = k + 1; i < features; i++) {
      if (Math.abs(rows[i]![k]!) > Math.abs(rows[largest]![k]!)) largest = i;
    }
    [rows[k], rows[largest]] = [rows[largest]!, rows[k]!];
    for (let i = k + 1; i < features; i++) {
      const share = rows[i]![k]! / rows[k]![k]!;
      for (let j = k; j < width; j++) rows[i]![j]! -= share * rows[k]![j]!;
    }
  }
  const weights = new Float64Array(features * targets);
  for (let i = features - 1; i >= 0; i--) {
    for (let h = 0; h < targets; h++) {
      let sum = rows[i]![features + h]!;
      for (let j = i + 1; j < features; j++) sum -= rows[i]![j]! * weights[j * targets + h]!;
      weights[i * targets + h] = sum / rows[i]![i]!;
    }
  }
  return weights;
}

/** Weighted mean squared error of each target, row by row. */
export function directErrors({ rows, inputs, targets, x, y, w }: Rows, weights: ArrayLike<number>): number[] {
  const squared = new Array<number>(targets).fill(0);
  let total = 0;
  for (let row = 0; row < rows; row++) {
    total += w[row]!;
    for (let h = 0; h < targets; h++) {
      let fitted = weights[inputs * targets + h]!;
      for (let f = 0; f < inputs; f++) fitted += x[row * inputs + f]! * weights[f * targets + h]!;
      squared[h]! += w[row]! * (y[row * targets + h]! - fitted) ** 2;
    }
  }
  return squared.map((sum) => sum / total);
}

/** The largest difference, as a share of the largest expected value. */
export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, largest] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    const off = Math.abs(actual[i]! - expected[i]!);
    if (!(off <= difference)) difference = off;
    largest = Math.max(largest, Math.abs(expected[i]!));
  }
  return difference / largest;
}
