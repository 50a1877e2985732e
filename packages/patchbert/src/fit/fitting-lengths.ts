import type { Split } from '@patchbert/data';

/** The longest context anyone gets unasked, and the patch it is cut into. */
const LONGEST_CONTEXT = 512;
const LONGEST_PATCH = 12;
/** A context of fewer patches gets shorter ones: there must be something to hide and something to see. */
const FEWEST_PATCHES = 8;

/** Training points from which on the defaults of pretraining hold: 5,000 steps of the small model. */
const MANY_POINTS = 50_000;
const STEPS = 5_000;
/** With fewer, the smallest model is large enough, and each step has so many points of its own. */
const POINTS_PER_STEP = 50;
const FEWEST_STEPS = 600;

/** Sizes that suit the length of the data. */
export interface FittingLengths {
  readonly contextLength: number;
  readonly patchLength: number;
  readonly steps: number;
  readonly preset: 'tiny' | 'small';
}

/**
 * Chooses a context that leaves room for twice as many training windows as it is long, cut into patches; model and steps of
 * the defaults of pretraining for many points to learn from, and for few a smaller model and steps in proportion. What is
 * given stays.
 */
export function fittingLengths(
  splits: readonly Split[],
  channels: number,
  longestHorizon: number,
  given: { readonly contextLength?: number | undefined; readonly patchLength?: number | undefined },
): FittingLengths {
  const rows = splits.map(({ train }) => train.end - train.start).sort((a, b) => a - b);
  const typical = rows[Math.floor(rows.length / 2)]!;
  const room = Math.floor((typical - longestHorizon) / 3);
  const longest = Math.max(1, Math.min(LONGEST_CONTEXT, room, rows[0]!));
  const contextLength = given.contextLength ?? longest;
  const patchLength =
    given.patchLength ?? Math.max(1, Math.min(LONGEST_PATCH, Math.floor(contextLength / FEWEST_PATCHES)));
  const points = channels * rows.reduce((sum, one) => sum + one, 0);
  if (points >= MANY_POINTS) return { contextLength, patchLength, steps: STEPS, preset: 'small' };
  const steps = Math.max(FEWEST_STEPS, Math.round(points / POINTS_PER_STEP));
  return { contextLength, patchLength, steps, preset: 'tiny' };
}
