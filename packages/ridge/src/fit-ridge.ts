import type { Backend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { ridgeScorer } from './ridge-scorer.ts';
import { ridgeSolver } from './ridge-solver.ts';
import type { RidgeSums } from './ridge-sums.ts';
import { type PenaltyRange, type PenaltySearch, searchPenalty } from './search-penalty.ts';

/**
 * Ridge regression on the training sums, its penalty chosen on the validation sums. `error` is the squared error per
 * validation row and target, weights included: `sum of w (y - b'x)^2 / (rows * targets)`.
 *
 * @throws PatchBertError `ridge/no-rows` for empty sums; `ridge/not-positive-definite` when even the largest penalty
 * of the range is too small. One that single precision cannot solve ends the search below; where it begins with such a one,
 * it begins at the first larger one that can be solved.
 * @example
 * const { weights, penalty, trials } = await fitRidge(backend, trainingSums, validationSums);
 */
export async function fitRidge(
  backend: Backend,
  training: RidgeSums,
  validation: RidgeSums,
  range: PenaltyRange = {},
): Promise<PenaltySearch<Float32Array>> {
  requireRows(training, 'training');
  requireRows(validation, 'validation');
  const solver = await ridgeSolver(backend, training);
  const scorer = await ridgeScorer(backend, validation);
  let [solved, tooSmall] = [0, undefined as PatchBertError | undefined];
  try {
    return await searchPenalty(async (penalty) => {
      const weights = await solver.solve(training, penalty).catch((error: unknown) => {
        if (!(error instanceof PatchBertError) || error.code !== 'ridge/not-positive-definite') throw error;
        tooSmall = error;
        return undefined;
      });
      if (weights === undefined) return { weights: new Float32Array(), error: Number.POSITIVE_INFINITY };
      solved++;
      const errors = await scorer.errors(weights);
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      return { weights, error: (mean * validation.weight) / validation.rows };
    }, range);
  } catch (error) {
    throw solved === 0 && tooSmall !== undefined ? tooSmall : error;
  } finally {
    solver.dispose();
    scorer.dispose();
  }
}

function requireRows({ rows }: RidgeSums, what: string): void {
  if (rows > 0) return;
  throw new PatchBertError(
    'ridge/no-rows',
    `fitRidge: the ${what} sums hold no row with a weight above 0: every window there is constant, empty or without an observed target.`,
  );
}
