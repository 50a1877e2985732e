/** A symmetric matrix as `rotation * T * rotation'`, T tridiagonal. */
export interface Tridiagonal {
  readonly size: number;
  /** `[size]`. */
  readonly diagonal: Float64Array;
  /** `[size]`: entry i stands at (i, i + 1) and (i + 1, i); the last is 0. */
  readonly offDiagonal: Float64Array;
  /** Orthogonal, `[size, size]`, row-major. */
  readonly rotation: Float64Array;
}

/**
 * Householder's reduction of a symmetric matrix `[n, n]` to tridiagonal form (Golub & Van Loan, Matrix Computations, 8.3.1):
 * 4/3 n^3 products, a quarter of an eigendecomposition. `matrix` is overwritten.
 */
export function tridiagonalise(matrix: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(n);
  const factors = new Float64Array(n);
  const product = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    diagonal[k] = matrix[k * n + k]!;
    if (k + 1 === n) break;
    const reflector = matrix.subarray(k * n, (k + 1) * n); // right of the diagonal, where row k is needed no more
    for (let i = k + 1; i < n; i++) reflector[i] = matrix[i * n + k]!;
    const { factor, image } = makeReflector(reflector, k + 1);
    offDiagonal[k] = image;
    factors[k] = factor;
    if (factor !== 0) reflectBothSides(matrix, n, k + 1, reflector, factor, product);
  }
  return { size: n, diagonal, offDiagonal, rotation: accumulate(matrix, n, factors) };
}

/** Overwrites `x[from ...]` by v with `(I - factor * v v') x = (image, 0, 0, ...)`. */
function makeReflector(x: Float64Array, from: number): { factor: number; image: number } {
  let largest = 0;
  for (let i = from + 1; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0) return { factor: 0, image: x[from]! };
  largest = Math.max(largest, Math.abs(x[from]!));
  let squares = 0;
  for (let i = from; i < x.length; i++) {
    x[i]! /= largest;
    squares += x[i]! * x[i]!;
  }
  const length = x[from]! > 0 ? -Math.sqrt(squares) : Math.sqrt(squares);
  const rest = squares - x[from]! * length; // half of v'v
  x[from]! -= length;
  return { factor: 1 / rest, image: length * largest };
}

/** `A <- H A H` on the lower triangle from row and column `from` on, H = I - factor * v v'. */
function reflectBothSides(
  matrix: Float64Array,
  n: number,
  from: number,
  v: Float64Array,
  factor: number,
  product: Float64Array,
): void {
  product.fill(0, from);
  for (let i = from; i < n; i++) {
    const at = i * n;
    const own = v[i]!;
    let sum = 0;
    for (let j = from; j < i; j++) {
      const entry = matrix[at + j]!;
      sum += entry * v[j]!;
      product[j]! += entry * own;
    }
    product[i]! += sum + matrix[at + i]! * own;
  }
  let along = 0;
  for (let i = from; i < n; i++) {
    product[i]! *= factor;
    along += product[i]! * v[i]!;
  }
  const share = (factor * along) / 2;
  for (let i = from; i < n; i++) product[i]! -= share * v[i]!;
  for (let i = from; i < n; i++) {
    const at = i * n;
    const [own, ownProduct] = [v[i]!, product[i]!];
    for (let j = from; j <= i; j++) matrix[at + j]! -= own * product[j]! + ownProduct * v[j]!;
  }
}

/** The product of all reflectors, `[n, n]`; reflector k stands in row k of `matrix`, right of the diagonal. */
function accumulate(matrix: Float64Array, n: number, factors: Float64Array): Float64Array {
  const rotation = new Float64Array(n * n);
  for (let i = 0; i < n; i++) rotation[i * n + i] = 1;
  const sums = new Float64Array(n);
  for (let k = n - 2; k >= 0; k--) {
    if (factors[k] === 0) continue;
    sums.fill(0);
    for (let i = k + 1; i < n; i++) {
      const own = matrix[k * n + i]!;
      const at = i * n;
      for (let j = k + 1; j < n; j++) sums[j]! += own * rotation[at + j]!;
    }
    for (let i = k + 1; i < n; i++) {
      const own = matrix[k * n + i]! * factors[k]!;
      const at = i * n;
      for (let j = k + 1; j < n; j++) rotation[at + j]! -= own * sums[j]!;
    }
  }
  return rotation;
}
