/** Steps per second over the last few seconds of training; time spent validating and saving is left out. */
export interface RateMeter {
  /** Say that a step ended, having taken `seconds`. Returns the rate now. */
  add(seconds: number): number;
  /** Training seconds so far. */
  readonly seconds: number;
}

/** Long enough to be steady, short enough to notice a laptop that slows down. */
const WINDOW_SECONDS = 5;
const FEWEST_STEPS = 5;

export function rateMeter(): RateMeter {
  const recent: number[] = [];
  let recentSeconds = 0;
  let total = 0;
  return {
    add(seconds) {
      recent.push(seconds);
      recentSeconds += seconds;
      total += seconds;
      while (recent.length > FEWEST_STEPS && recentSeconds - recent[0]! > WINDOW_SECONDS) {
        recentSeconds -= recent.shift()!;
      }
      return recent.length / Math.max(recentSeconds, 1e-9);
    },
    get seconds() {
      return total;
    },
  };
}
