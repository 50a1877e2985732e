/**
 * The inverse of a symmetric positive definite matrix `[n * n]` by Cholesky factors in float64, or `undefined` when it is
 * not positive definite. Only the lower triangle is read.
 */
export function invertPositiveDefinite(matrix: Float64Array, n: number): Float32Array | undefined {
  const factor = choleskyFactor(matrix, n);
  if (factor === undefined) return undefined;
  const inverseFactor = invertLowerTriangle(factor, n);
  const inverse = new Float32Array(n * n);
  // (L L')^-1 = L^-T L^-1: entry (i, j) is the product of columns i and j of L^-1, whose rows begin at max(i, j).
  const columns = transpose(inverseFactor, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += columns[i * n + k]! * columns[j * n + k]!;
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
  return inverse;
}

/** Lower L with L L' = matrix, row-major; `undefined` when a pivot is not positive. */
function choleskyFactor(matrix: Float64Array, n: number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j]!;
      else if (sum > 0) factor[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return factor;
}

function invertLowerTriangle(factor: Float64Array, n: number): Float64Array {
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const pivot = 1 / factor[i * n + i]!;
    // Row i of L^-1 = (e_i - sum over k < i of L[i, k] * row k) / L[i, i], row by row so that memory is read in order.
    for (let k = 0; k < i; k++) {
      const share = factor[i * n + k]! * pivot;
      for (let j = 0; j <= k; j++) inverse[i * n + j]! -= share * inverse[k * n + j]!;
    }
    inverse[i * n + i] = pivot;
  }
  return inverse;
}

function transpose(matrix: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result[j * n + i] = matrix[i * n + j]!;
  }
  return result;
}
