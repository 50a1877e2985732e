import { PatchBertError } from '@patchbert/errors';

export interface EarlyStoppingOptions {
  /** Checks in a row without an improvement before it stops. */
  readonly patience: number;
  /** An improvement is a fall by more than this below the last improvement. Default 0. */
  readonly minimumDelta?: number;
}

/** Plain data: it can be saved and read back. */
export interface EarlyStoppingState {
  /** The lowest value so far, however little it improved; the earlier of two equal ones. */
  readonly best?: { readonly step: number; readonly value: number };
  /** What the next improvement is measured from. */
  readonly reference?: number;
  /** Checks since the last improvement. */
  readonly waited: number;
  readonly stop: boolean;
}

export interface EarlyStopping {
  readonly initial: EarlyStoppingState;
  /** The state after one more check. A value that is not a number never improves. */
  next(
    state: EarlyStoppingState,
    check: { readonly step: number; readonly value: number },
  ): EarlyStoppingState;
}

/**
 * Early stopping (Prechelt 1998) as a pure reducer over validation values, lower being better.
 *
 * @throws PatchBertError `train/bad-options` for a patience below 1 or a negative `minimumDelta`.
 * @example
 * const { initial, next } = earlyStopping({ patience: 3 });
 * let state = next(initial, { step: 100, value: 0.4 });
 */
export function earlyStopping(options: EarlyStoppingOptions): EarlyStopping {
  const { patience, minimumDelta = 0 } = options;
  if (!(patience >= 1) || !(minimumDelta >= 0)) {
    throw new PatchBertError(
      'train/bad-options',
      `earlyStopping: patience is ${patience} and minimumDelta ${minimumDelta}; expected at least 1 and at least 0.`,
    );
  }
  return {
    initial: { waited: 0, stop: false },
    next: (state, { step, value }) => {
      const lowest = value < (state.best?.value ?? Number.POSITIVE_INFINITY);
      const improved = state.reference === undefined ? lowest : value < state.reference - minimumDelta;
      const waited = improved ? 0 : state.waited + 1;
      const best = lowest ? { step, value } : state.best;
      const reference = improved ? value : state.reference;
      return {
        ...(best && { best }),
        ...(reference !== undefined && { reference }),
        waited,
        stop: waited >= patience,
      };
    },
  };
}
