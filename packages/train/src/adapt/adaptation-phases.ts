import type { EncoderConfig } from '@patchbert/encoder';
import { freeze } from '../optimise/freeze.ts';
import { layerwiseRates } from '../optimise/layerwise-rates.ts';
import { oneCycle } from '../schedules/one-cycle.ts';
import type { Schedule } from '../schedules/schedule.ts';
import { warmupCosine } from '../schedules/warmup-cosine.ts';
import type { AdaptationConfig } from './adaptation-schema.ts';

/** A stretch of steps with one set of trained parameters, an optimiser and a schedule of its own. */
export interface AdaptationPhase {
  readonly name: 'probe' | 'fine-tune' | 'scratch';
  /** Steps before this phase; its own are `before + 1` to `before + steps`. */
  readonly before: number;
  readonly steps: number;
  /** Names of the parameters that are trained. */
  readonly trained: readonly string[];
  /** Learning rate of a parameter as a multiple of the schedule's. */
  readonly rates: (name: string) => number;
}

/**
 * What a strategy does, phase after phase.
 *
 * @throws PatchBertError `train/bad-freeze` when a pattern matches nothing or nothing is left to train.
 */
export function adaptationPhases(
  config: AdaptationConfig,
  { layers }: EncoderConfig,
  names: readonly string[],
): readonly AdaptationPhase[] {
  const { steps, probeSteps, learningRate, encoderLearningRate, layerDecay } = config;
  const trainedWithout = (...patterns: string[]) => freeze(names, [...config.freeze, ...patterns]).trained;
  const evenly = () => 1;
  const probe = (length: number): AdaptationPhase => ({
    name: 'probe',
    before: 0,
    steps: length,
    trained: trainedWithout('encoder'),
    rates: evenly,
  });
  const fineTune = (before: number): AdaptationPhase => ({
    name: 'fine-tune',
    before,
    steps,
    trained: trainedWithout(),
    rates: layerwiseRates({
      layers,
      decay: layerDecay,
      encoder: encoderLearningRate / learningRate,
      head: 1,
    }),
  });
  switch (config.strategy) {
    case 'linear-probe':
      return [probe(steps)];
    case 'fine-tune':
      return [fineTune(0)];
    case 'probe-then-fine-tune':
      return [probe(probeSteps), fineTune(probeSteps)];
    case 'scratch':
      return [{ name: 'scratch', before: 0, steps, trained: trainedWithout(), rates: evenly }];
  }
}

/** The learning rate of a phase by update index over the whole run. */
export function phaseSchedule(config: AdaptationConfig, { before, steps }: AdaptationPhase): Schedule {
  const { learningRate: maximum, warmup } = config;
  const schedule =
    config.schedule === 'one-cycle'
      ? oneCycle({ maximum, totalSteps: steps, pctStart: warmup })
      : warmupCosine({ maximum, totalSteps: steps, warmupSteps: Math.round(warmup * steps) });
  return (update) => schedule(update - before);
}
