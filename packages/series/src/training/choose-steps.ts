/** Most steps that follow from the number of series; more are a user's choice. */
const MOST_STEPS = 1500;

/**
 * Steps of a training: as given, else `least`, or as many as `passes` over all series take where that is more, up to 1,500. Small
 * sets are seen often enough anyway; of large ones each series should be seen some times.
 *
 * @example
 * chooseSteps({ batchSize: 32 }, { series: 1800, least: 500, passes: 10 }); // 563
 */
export function chooseSteps(
  { steps, batchSize }: { readonly steps?: number | undefined; readonly batchSize: number },
  { series, least, passes }: { readonly series: number; readonly least: number; readonly passes: number },
): number {
  return steps ?? Math.max(least, Math.min(MOST_STEPS, Math.ceil((passes * series) / batchSize)));
}
