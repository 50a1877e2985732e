import { PatchBertError } from '@patchbert/errors';

/** A penalty that was tried, and what the weights it gives are worth. */
export interface PenaltyTrial {
  readonly penalty: number;
  /** Mean squared error on the rows that choose. */
  readonly error: number;
}

export interface PenaltySearch<Weights> {
  readonly penalty: number;
  readonly error: number;
  readonly weights: Weights;
  /** Everything that was tried, ascending by penalty. */
  readonly trials: readonly PenaltyTrial[];
}

/** Penalties are powers of `10^(1/2)`: half decades. */
const STEPS_PER_DECADE = 2;

export interface PenaltyRange {
  /** Where the search begins. Default 0.1. */
  readonly start?: number;
  /** Default 1e-3: below it single precision is not enough. */
  readonly least?: number;
  /** Default 1e3. */
  readonly most?: number;
}

/**
 * Walks downhill over half decades from `start` to the penalty of least error. The error of ridge regression as a function
 * of the logarithm of its penalty has one valley on data it can describe; the walk ends in the first one it meets. Where the
 * error at `start` is not finite, as the penalty is too small, it begins at the first larger one at which it is.
 *
 * @param fit the weights at a penalty, and their error on rows they were not fitted on; an error that is not finite ends
 * the walk on that side.
 * @throws PatchBertError `ridge/not-finite` when the error is not finite at `start` nor at any larger penalty.
 * @example
 * const { penalty, weights } = await searchPenalty((penalty) => fitAndScore(penalty));
 */
export async function searchPenalty<Weights>(
  fit: (penalty: number) => Promise<{ readonly weights: Weights; readonly error: number }>,
  { start = 0.1, least = 1e-3, most = 1e3 }: PenaltyRange = {},
): Promise<PenaltySearch<Weights>> {
  const index = (penalty: number) => Math.round(Math.log10(penalty) * STEPS_PER_DECADE);
  const trials = new Map<number, PenaltyTrial>();
  let best: { at: number; penalty: number; error: number; weights: Weights } | undefined;
  const attempt = async (at: number): Promise<boolean> => {
    const penalty = Number((10 ** (at / STEPS_PER_DECADE)).toPrecision(6));
    const { weights, error } = await fit(penalty);
    if (!Number.isFinite(error)) return false;
    trials.set(at, { penalty, error });
    if (best !== undefined && !(error < best.error)) return false;
    best = { at, penalty, error, weights };
    return true;
  };
  let first = index(start);
  while (!(await attempt(first))) {
    first++;
    if (first > index(most)) throw notFinite(start, most);
  }
  for (const direction of [-1, 1]) {
    for (let at = first + direction; at >= index(least) && at <= index(most); at += direction) {
      if (!(await attempt(at))) break;
    }
    if (best!.at !== first) break;
  }
  const { penalty, error, weights } = best!;
  return {
    penalty,
    error,
    weights,
    trials: [...trials.values()].sort((a, b) => a.penalty - b.penalty),
  };
}

function notFinite(start: number, most: number): PatchBertError {
  return new PatchBertError(
    'ridge/not-finite',
    `searchPenalty: the error is not a finite number at any penalty from ${start} to ${most}; look for values that are far too large.`,
  );
}
