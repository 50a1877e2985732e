import { requireAtLeast, type Schedule } from './schedule.ts';

export interface WarmupCosineOptions {
  /** Highest rate, reached by update `warmupSteps`. */
  readonly maximum: number;
  readonly warmupSteps: number;
  /** Updates until the rate is 0. */
  readonly totalSteps: number;
  /** Cosine half waves of the decay, in units of a full wave. Default 0.5: one fall from `maximum` to 0. */
  readonly cycles?: number;
}

/**
 * Linear warm-up from 0, then a cosine to 0, as `get_cosine_schedule_with_warmup` of Hugging Face; 0 past the end.
 * With warm-up the very first rate is 0. `warmupSteps >= totalSteps` never leaves the warm-up.
 *
 * @throws PatchBertError `train/bad-schedule` for options out of range.
 */
export function warmupCosine(options: WarmupCosineOptions): Schedule {
  const { maximum, warmupSteps, totalSteps, cycles = 0.5 } = options;
  requireAtLeast('warmupCosine', 'maximum', maximum, 0);
  requireAtLeast('warmupCosine', 'warmupSteps', warmupSteps, 0);
  requireAtLeast('warmupCosine', 'totalSteps', totalSteps, 1);
  return (update) => {
    if (update < warmupSteps) return (maximum * update) / warmupSteps;
    if (update > totalSteps) return 0;
    const share = (update - warmupSteps) / Math.max(1, totalSteps - warmupSteps);
    return maximum * Math.max(0, 0.5 * (1 + Math.cos(Math.PI * cycles * 2 * share)));
  };
}
