import { requireAtLeast, type Schedule } from './schedule.ts';

export interface OneCycleOptions {
  /** Highest rate. */
  readonly maximum: number;
  readonly totalSteps: number;
  /** Share of the steps in which the rate rises. Default 0.3. */
  readonly pctStart?: number;
  /** First rate = `maximum / divisor`. Default 25. */
  readonly divisor?: number;
  /** Last rate = first rate / `finalDivisor`. Default 1e4. */
  readonly finalDivisor?: number;
  /** Shape of both ramps. Default `cosine`. */
  readonly anneal?: 'cosine' | 'linear';
}

/**
 * One-cycle (Smith and Topin 2018), as `torch.optim.lr_scheduler.OneCycleLR`: up over updates
 * `0 .. pctStart * totalSteps - 1`, down to the last update. Past the end the rate stays at its last value.
 *
 * @throws PatchBertError `train/bad-schedule` for options out of range.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  const {
    maximum,
    totalSteps,
    pctStart = 0.3,
    divisor = 25,
    finalDivisor = 1e4,
    anneal = 'cosine',
  } = options;
  requireAtLeast('oneCycle', 'maximum', maximum, 0);
  requireAtLeast('oneCycle', 'totalSteps', totalSteps, 1);
  requireAtLeast('oneCycle', 'pctStart', pctStart, 0);
  const ramp = anneal === 'cosine' ? cosineRamp : linearRamp;
  const first = maximum / divisor;
  const last = first / finalDivisor;
  const peak = pctStart * totalSteps - 1;
  const end = totalSteps - 1;
  return (update) => {
    if (update >= end) return last;
    if (peak > 0 && update <= peak) return ramp(first, maximum, update / peak);
    const from = Math.max(peak, 0);
    return ramp(maximum, last, (update - from) / (end - from));
  };
}

function cosineRamp(start: number, end: number, share: number): number {
  return end + ((start - end) / 2) * (1 + Math.cos(Math.PI * share));
}

function linearRamp(start: number, end: number, share: number): number {
  return start + (end - start) * share;
}
