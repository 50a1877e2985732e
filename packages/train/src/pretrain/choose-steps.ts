import { PatchBertError } from '@patchbert/errors';
import { optimiserScalars } from '../objectives/training-step.ts';
import type { PretrainConfig } from './config.ts';
import { validationError } from './evaluate.ts';
import type { PreparedPretraining } from './prepare.ts';
import type { PretrainPrograms } from './programs.ts';

/** The first runs of a program are slower: memory is allocated, code compiled. */
const WARM_UP_STEPS = 10;
const FEWEST_STEPS = 5;
const MEASURE_SECONDS = 3;

/** Steps that fit a time budget, and the rate they were computed from. */
export interface ChosenSteps {
  readonly steps: number;
  readonly stepsPerSecond: number;
}

/**
 * Measures a few steps and one validation at learning rate 0, puts the state back, and chooses how many steps fit into
 * `minutes`. The choice depends on the machine, so it is made once and written into the run's configuration.
 *
 * @throws PatchBertError `train/bad-minutes` when `minutes` is not a positive number.
 */
export async function chooseSteps(
  minutes: number,
  config: PretrainConfig,
  prepared: PreparedPretraining,
  programs: PretrainPrograms,
): Promise<ChosenSteps> {
  if (!(minutes > 0 && minutes < Number.POSITIVE_INFINITY)) {
    throw new PatchBertError(
      'train/bad-minutes',
      `pretrain: minutes is ${minutes}; expected a number above 0, or leave it out and set steps.`,
    );
  }
  const run = async (step: number) => {
    const scalars = optimiserScalars(programs.optimiser, 1, 0);
    await programs.training.run({ ...programs.trainingBatch(step), ...scalars });
  };
  const start = performance.now();
  const timed: number[] = [];
  for (let step = 1; timed.length < FEWEST_STEPS || secondsSince(start) < MEASURE_SECONDS; step++) {
    const stepStart = performance.now();
    await run(step);
    if (step > WARM_UP_STEPS) timed.push(secondsSince(stepStart));
  }
  // The median: what else the machine does for a moment must not cut the run short.
  const secondsPerStep = timed.sort((a, b) => a - b)[Math.floor(timed.length / 2)]!;

  await programs.loadEvaluation();
  await validationError(programs.evaluation, prepared);
  const validationStart = performance.now();
  await validationError(programs.evaluation, prepared);
  const secondsPerValidation = secondsSince(validationStart);

  await programs.load(undefined);
  const shared = secondsPerValidation / config.validateEvery;
  const fitting = Math.floor((minutes * 60 - secondsPerValidation) / (secondsPerStep + shared));
  const { accumulateSteps } = config;
  const steps = Math.max(1, Math.floor(fitting / accumulateSteps)) * accumulateSteps;
  return { steps, stepsPerSecond: 1 / secondsPerStep };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
