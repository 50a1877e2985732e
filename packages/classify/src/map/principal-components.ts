import type { Standardised } from '@patchbert/probe';
import { deriveKey, normals, type RandomKey } from '@patchbert/random';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface PrincipalComponents {
  /** `[rows, count]`, row-major: every row along every component, the component of most variance first. */
  readonly scores: Float64Array;
  /** The share of all variance that each component holds, 0 to 1. */
  readonly shares: Float64Array;
}

/** Directions beside those asked for: they let the search tell close variances apart. */
const OVERSAMPLED = 8;
const MOST_ROUNDS = 200;

/**
 * The leading principal components by orthogonal iteration with Rayleigh-Ritz (Golub & Van Loan, Matrix Computations,
 * section 8.2): no matrix of columns by columns is made, so wide features cost little. Stops when the variances move by
 * less than `tolerance` of all variance in a round. Components that the data do not have are 0. The entry of each
 * direction with the largest size is positive.
 */
export function principalComponents(
  data: Standardised,
  { count, tolerance, key }: { count: number; tolerance: number; key: RandomKey },
): PrincipalComponents {
  const { rows, columns, values } = data;
  const width = Math.min(count + OVERSAMPLED, rows, columns);
  const scores = new Float64Array(rows * count);
  const shares = new Float64Array(count);
  const total = values.reduce((sum, value) => sum + value * value, 0);
  if (width === 0 || total === 0) return { scores, shares };
  // Directions lie in rows: [width, columns].
  let directions = normals(deriveKey(key, 'principal-components'), width * columns);
  orthonormalise(directions, width, columns);
  let before = new Float64Array(count);
  for (let round = 0; ; round++) {
    const along = project(data, directions, width);
    const { values: variances, vectors } = symmetricEigen(gram(along, rows, width), width);
    const moved = shares.reduce(
      (sum, _, index) => sum + Math.abs((variances[index] ?? 0) - before[index]!),
      0,
    );
    if (moved <= tolerance * total || round === MOST_ROUNDS) {
      const rotated = rotate(directions, vectors, width, columns);
      for (let component = 0; component < Math.min(count, width); component++) {
        shares[component] = Math.max(0, variances[component]!) / total;
        const sign = signOf(rotated.subarray(component * columns, (component + 1) * columns));
        for (let row = 0; row < rows; row++) {
          let sum = 0;
          for (let k = 0; k < width; k++) sum += along[row * width + k]! * vectors[k * width + component]!;
          scores[row * count + component] = sign * sum || 0;
        }
      }
      return { scores, shares };
    }
    before = Float64Array.from(shares, (_, index) => variances[index] ?? 0);
    directions = back(data, along, width);
    orthonormalise(directions, width, columns);
  }
}

/** Every row along every direction. */
function project(
  { rows, columns, values }: Standardised,
  directions: Float64Array,
  width: number,
): Float64Array {
  const along = new Float64Array(rows * width); // [rows, columns] x [width, columns]^T -> [rows, width]
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) {
      let sum = 0;
      for (let column = 0; column < columns; column++) {
        sum += values[row * columns + column]! * directions[k * columns + column]!;
      }
      along[row * width + k] = sum;
    }
  }
  return along;
}

function back({ rows, columns, values }: Standardised, along: Float64Array, width: number): Float64Array {
  const directions = new Float64Array(width * columns); // [rows, width]^T x [rows, columns] -> [width, columns]
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) {
      const weight = along[row * width + k]!;
      for (let column = 0; column < columns; column++) {
        directions[k * columns + column]! += weight * values[row * columns + column]!;
      }
    }
  }
  return directions;
}

function gram(along: Float64Array, rows: number, width: number): Float64Array {
  const products = new Float64Array(width * width); // [rows, width]^T x [rows, width] -> [width, width]
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < width; j++)
        products[i * width + j]! += along[row * width + i]! * along[row * width + j]!;
    }
  }
  return products;
}

function rotate(
  directions: Float64Array,
  vectors: Float64Array,
  width: number,
  columns: number,
): Float64Array {
  const rotated = new Float64Array(width * columns); // [width, width]^T x [width, columns] -> [width, columns]
  for (let k = 0; k < width; k++) {
    for (let component = 0; component < width; component++) {
      const weight = vectors[k * width + component]!;
      for (let column = 0; column < columns; column++) {
        rotated[component * columns + column]! += weight * directions[k * columns + column]!;
      }
    }
  }
  return rotated;
}

/** Gram-Schmidt, each direction twice, for what rounding leaves; a direction that others make up becomes 0. */
function orthonormalise(directions: Float64Array, width: number, columns: number): void {
  for (let k = 0; k < width; k++) {
    const own = directions.subarray(k * columns, (k + 1) * columns);
    const length = Math.sqrt(dot(own, own));
    for (let pass = 0; pass < 2; pass++) {
      for (let other = 0; other < k; other++) {
        const unit = directions.subarray(other * columns, (other + 1) * columns);
        const share = dot(own, unit);
        for (let column = 0; column < columns; column++) own[column]! -= share * unit[column]!;
      }
    }
    const left = Math.sqrt(dot(own, own));
    const scale = left > 1e-12 * length ? 1 / left : 0;
    for (let column = 0; column < columns; column++) own[column]! *= scale;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

function signOf(direction: Float64Array): number {
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? -1 : 1;
}
