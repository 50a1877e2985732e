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
 * @throws PatchBertError `ridge/no-rows` for empty sums; `ridge/not-positive-definite` when even the penalty the search
 * begins with is too small. A smaller one that single precision cannot solve ends the search on that side.
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
  let solved = 0;
  try {
    return await searchPenalty(async (penalty) => {
      const weights = await solver.solve(training, penalty).catch((error: unknown) => {
        const tooSmall = error instanceof PatchBertError && error.code === 'ridge/not-positive-definite';
        if (tooSmall && solved > 0) return undefined;
        throw error;
      });
      if (weights === undefined) return { weights: new Float32Array(), error: Number.POSITIVE_INFINITY };
      solved++;
      const errors = await scorer.errors(weights);
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      return { weights, error: (mean * validation.weight) / validation.rows };
    }, range);
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
