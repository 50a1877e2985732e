import type { RidgeProblem } from './ridge-problem.ts';
import type { Tridiagonal } from './tridiagonalise.ts';

/** `T + penalty` as L D L', L with ones on its diagonal and `lower[i]` at (i + 1, i). */
interface Factors {
  readonly lower: Float64Array;
  readonly pivots: Float64Array;
}

function factorise({ size, diagonal, offDiagonal }: Tridiagonal, penalty: number): Factors {
  const lower = new Float64Array(size);
  const pivots = new Float64Array(size);
  let least = 0;
  for (let i = 0; i < size; i++) least = Math.max(least, Number.EPSILON * Math.abs(diagonal[i]!));
  for (let i = 0; i < size; i++) {
    const above = i === 0 ? 0 : lower[i - 1]! * offDiagonal[i - 1]!;
    // T has no negative eigenvalue, so a pivot below rounding is rounding.
    pivots[i] = Math.max(diagonal[i]! + penalty - above, least, Number.MIN_VALUE);
    lower[i] = offDiagonal[i]! / pivots[i]!;
  }
  return { lower, pivots };
}

/** `L^-1` times the `[size, targets]` right-hand sides. */
function substituteForward({ lower }: Factors, values: Float64Array, targets: number): Float64Array {
  const result = values.slice();
  for (let at = targets; at < result.length; at++) {
    result[at]! -= lower[Math.floor(at / targets) - 1]! * result[at - targets]!;
  }
  return result;
}

/**
 * What each row's targets would be predicted as if the row had been left out of the fit, `[rows, targets]`: exact, without
 * fitting again (the PRESS residual, Allen 1974, `residual / (1 - leverage)`).
 */
export function leaveOneOutPredictions(problem: RidgeProblem, penalty: number): Float64Array {
  const { rows, targets, dual, basis, tridiagonal, responses, scales, targetMeans, totalWeight } = problem;
  const { size } = tridiagonal;
  const factors = factorise(tridiagonal, penalty);
  const { lower, pivots } = factors;
  const solved = substituteForward(factors, problem.projected, targets);
  const predictions = new Float64Array(rows * targets);
  const sums = new Float64Array(targets);
  for (let row = 0; row < rows; row++) {
    let previous = 0;
    let square = 0;
    sums.fill(0);
    for (let j = 0; j < size; j++) {
      previous = basis[row * size + j]! - (j === 0 ? 0 : lower[j - 1]! * previous);
      const scaled = previous / pivots[j]!;
      square += previous * scaled;
      for (let target = 0; target < targets; target++)
        sums[target]! += scaled * solved[j * targets + target]!;
    }
    // Dual: sums = (A A' + penalty)^-1 y, square its diagonal. Primal: sums = fit, square = leverage, both less the mean's.
    const mean = scales[row]! ** 2 / totalWeight;
    const remaining = dual ? penalty * square - mean : 1 - square - mean;
    for (let target = 0; target < targets; target++) {
      const response = responses[row * targets + target]!;
      const residual = dual ? penalty * sums[target]! : response - sums[target]!;
      const fromMean = (response - residual / Math.max(remaining, Number.EPSILON)) / scales[row]!;
      predictions[row * targets + target] = targetMeans[target]! + fromMean;
    }
  }
  return predictions;
}

/** Weights `[targets, columns]` and intercepts `[targets]` on the standardised features. */
export function solveRidge(
  problem: RidgeProblem,
  penalty: number,
): { weight: Float64Array; intercept: Float64Array } {
  const { columns, targets, dual, basis, features, tridiagonal, featureMeans, targetMeans } = problem;
  const { size } = tridiagonal;
  const factors = factorise(tridiagonal, penalty);
  const solution = substituteForward(factors, problem.projected, targets);
  for (let j = size - 1; j >= 0; j--) {
    for (let target = 0; target < targets; target++) {
      const at = j * targets + target;
      const below = j + 1 < size ? factors.lower[j]! * solution[at + targets]! : 0;
      solution[at] = solution[at]! / factors.pivots[j]! - below;
    }
  }
  const weight = new Float64Array(targets * columns);
  const from = dual ? basis : tridiagonal.rotation;
  for (let i = 0; i < size; i++) {
    for (let target = 0; target < targets; target++) {
      let sum = 0;
      for (let j = 0; j < size; j++) sum += from[i * size + j]! * solution[j * targets + target]!;
      if (dual) addScaled(weight, target * columns, sum, features, i * columns, columns);
      else weight[target * columns + i] = sum;
    }
  }
  const intercept = targetMeans.map((mean, target) => {
    let sum = mean;
    for (let k = 0; k < columns; k++) sum -= weight[target * columns + k]! * featureMeans[k]!;
    return sum;
  });
  return { weight, intercept };
}

function addScaled(
  sums: Float64Array,
  at: number,
  factor: number,
  values: Float64Array,
  from: number,
  count: number,
): void {
  for (let k = 0; k < count; k++) sums[at + k]! += factor * values[from + k]!;
}
