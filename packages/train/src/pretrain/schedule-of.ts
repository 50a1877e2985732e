import { oneCycle } from '../schedules/one-cycle.ts';
import { constant, type Schedule } from '../schedules/schedule.ts';
import { warmupCosine } from '../schedules/warmup-cosine.ts';
import type { PretrainConfig } from './config.ts';

/** Steps the schedule is made for. */
export function scheduleLength(config: PretrainConfig): number {
  return config.scheduleSteps ?? config.steps;
}

/**
 * The learning-rate schedule of a configuration, by batch from 0: those of one update share its rate.
 *
 * @param rateScale what rates are multiplied by, after rollbacks.
 */
export function scheduleOf(config: PretrainConfig, rateScale = 1): Schedule {
  const byUpdate = updateSchedule(config);
  return (step) => byUpdate(Math.floor(step / config.accumulateSteps)) * rateScale;
}

function updateSchedule(config: PretrainConfig): Schedule {
  const totalSteps = scheduleLength(config) / config.accumulateSteps;
  const maximum = config.learningRate;
  switch (config.schedule) {
    case 'constant':
      return constant(maximum);
    case 'one-cycle':
      return oneCycle({ maximum, totalSteps });
    case 'warmup-cosine':
      return warmupCosine({ maximum, totalSteps, warmupSteps: Math.round(config.warmup * totalSteps) });
  }
}
