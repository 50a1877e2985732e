/** Numbers of a row held in the first-level cache at a time. */
const CHUNK = 512;

/**
 * `a * b'` of row-major `a` `[m, length]` and `b` `[n, length]`: `[m, n]`, in tiles of 2 x 4 dot products. With `b` the same
 * array as `a`, the lower triangle alone is computed and mirrored.
 */
export function multiplyTransposed(
  a: Float64Array,
  m: number,
  b: Float64Array,
  n: number,
  length: number,
): Float64Array {
  const symmetric = a === b;
  const result = new Float64Array(m * n);
  for (let start = 0; start < length; start += CHUNK) {
    const end = Math.min(start + CHUNK, length);
    for (let i = 0; i < m; i += 2) {
      const columns = symmetric ? Math.min(n, i + 2) : n;
      for (let j = 0; j < columns; j += 4) {
        if (i + 2 <= m && j + 4 <= n) addTile(a, b, result, i, j, n, length, start, end);
        else addEdge(a, b, result, i, j, m, n, length, start, end);
      }
    }
  }
  if (symmetric) {
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) result[j * n + i] = result[i * n + j]!;
  }
  return result;
}

function addTile(
  a: Float64Array,
  b: Float64Array,
  result: Float64Array,
  i: number,
  j: number,
  n: number,
  length: number,
  start: number,
  end: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s03 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s13 = 0;
  const [a0, a1] = [i * length, (i + 1) * length];
  const b0 = j * length;
  const [b1, b2, b3] = [b0 + length, b0 + 2 * length, b0 + 3 * length];
  for (let k = start; k < end; k++) {
    const x0 = a[a0 + k]!;
    const x1 = a[a1 + k]!;
    const y0 = b[b0 + k]!;
    const y1 = b[b1 + k]!;
    const y2 = b[b2 + k]!;
    const y3 = b[b3 + k]!;
    s00 += x0 * y0;
    s01 += x0 * y1;
    s02 += x0 * y2;
    s03 += x0 * y3;
    s10 += x1 * y0;
    s11 += x1 * y1;
    s12 += x1 * y2;
    s13 += x1 * y3;
  }
  const first = i * n + j;
  result[first]! += s00;
  result[first + 1]! += s01;
  result[first + 2]! += s02;
  result[first + 3]! += s03;
  result[first + n]! += s10;
  result[first + n + 1]! += s11;
  result[first + n + 2]! += s12;
  result[first + n + 3]! += s13;
}

/** The rest of the tile at (i, j) where fewer than 2 rows or 4 columns are left. */
function addEdge(
  a: Float64Array,
  b: Float64Array,
  result: Float64Array,
  i: number,
  j: number,
  m: number,
  n: number,
  length: number,
  start: number,
  end: number,
): void {
  for (let row = i; row < Math.min(i + 2, m); row++) {
    for (let column = j; column < Math.min(j + 4, n); column++) {
      let sum = 0;
      for (let k = start; k < end; k++) sum += a[row * length + k]! * b[column * length + k]!;
      result[row * n + column]! += sum;
    }
  }
}

/** `[rows, columns]` -> `[columns, rows]`, row-major. */
export function transpose(values: Float64Array, rows: number, columns: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) result[j * rows + i] = values[i * columns + j]!;
  }
  return result;
}
