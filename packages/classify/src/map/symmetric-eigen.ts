const MOST_SWEEPS = 60;

/**
 * Eigenvalues, the largest first, and eigenvectors (in the columns of `vectors`, `[size, size]`, row-major) of a small
 * symmetric matrix by cyclic Jacobi rotations (Golub & Van Loan, Matrix Computations, section 8.5).
 */
export function symmetricEigen(
  matrix: Float64Array,
  size: number,
): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(size * size);
  for (let i = 0; i < size; i++) v[i * size + i] = 1;
  const scale = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, size) > 1e-26 * scale; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q);
    }
  }
  const order = Array.from({ length: size }, (_, index) => index).sort(
    (i, j) => a[j * size + j]! - a[i * size + i]! || i - j,
  );
  const vectors = new Float64Array(size * size);
  for (const [column, from] of order.entries()) {
    for (let row = 0; row < size; row++) vectors[row * size + column] = v[row * size + from]!;
  }
  return { values: Float64Array.from(order, (index) => a[index * size + index]!), vectors };
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) if (i !== j) sum += a[i * size + j]! ** 2;
  }
  return sum;
}

/** Makes entry (p, q) 0. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const entry = a[p * size + q]!;
  if (entry === 0) return;
  const half = (a[q * size + q]! - a[p * size + p]!) / (2 * entry);
  const tangent = Math.sign(half || 1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < size; k++) mix(a, k * size + p, k * size + q, cosine, sine);
  for (let k = 0; k < size; k++) mix(a, p * size + k, q * size + k, cosine, sine);
  for (let k = 0; k < size; k++) mix(v, k * size + p, k * size + q, cosine, sine);
}

function mix(values: Float64Array, at: number, other: number, cosine: number, sine: number): void {
  const [x, y] = [values[at]!, values[other]!];
  values[at] = cosine * x - sine * y;
  values[other] = sine * x + cosine * y;
}
