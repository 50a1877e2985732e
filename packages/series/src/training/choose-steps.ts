import { batchSizeFor } from './series-batches.ts';

/** How many steps a training takes when nobody says. */
export interface StepRule {
  readonly usual: number;
  /** Passes over all series: more steps where `usual` would be fewer, up to `most`. */
  readonly leastPasses: number;
  readonly most: number;
  /** Fewer steps where `usual` would be more: a handful of series is soon known by heart. */
  readonly mostPasses: number;
}

/**
 * Steps of a training: as given, else by the rule.
 *
 * @param series how many are learned from.
 * @example
 * chooseSteps({ batchSize: 32 }, 1800, { usual: 500, leastPasses: 10, most: 1500, mostPasses: 1000 }); // 563
 */
export function chooseSteps(
  { steps, batchSize }: { readonly steps?: number | undefined; readonly batchSize: number },
  series: number,
  { usual, leastPasses, most, mostPasses }: StepRule,
): number {
  if (steps !== undefined) return steps;
  const perPass = series / batchSizeFor(batchSize, series);
  const enough = Math.max(usual, Math.min(most, Math.ceil(leastPasses * perPass)));
  return Math.min(enough, Math.ceil(mostPasses * perPass));
}
