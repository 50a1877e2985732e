import type { Backend } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, type RandomKey } from '@patchbert/random';
import { initialisePretraining, pretrainingPoints, pretrainWeights } from '@patchbert/series';
import type { FitStep } from '@patchbert/train';
import type { ClassifyConfig } from '../config/classify-config.ts';
import type { SeriesTask } from '../task/series-task.ts';
import type { FitEvent } from './events.ts';
import { interrupted } from './interrupted.ts';

/** Encoder weights that nothing was learned by; those that the pretraining of the same key starts from. */
export function randomEncoder(
  { inputs }: SeriesTask,
  { pretraining }: ClassifyConfig,
  key: RandomKey,
): HostTensors {
  return initialisePretraining(inputs, pretraining.losses, deriveKey(key, 'weights'));
}

/** Pretrains an encoder on every training series, labels unseen. */
export async function pretrainedEncoder(
  task: SeriesTask,
  config: ClassifyConfig,
  options: {
    readonly backend: Backend;
    readonly key: RandomKey;
    readonly what: string;
    readonly signal: AbortSignal | undefined;
    readonly onEvent: (event: FitEvent) => void;
    readonly onStep: (step: FitStep) => void;
  },
): Promise<HostTensors> {
  const { backend, key, what, signal, onEvent, onStep } = options;
  const steps = config.pretraining.training.steps;
  const { parameters, status } = await pretrainWeights({
    series: pretrainingPoints(task.train, task.inputs),
    inputs: task.inputs,
    config: config.pretraining,
    backend,
    key,
    signal,
    onStep: (step) => {
      onStep(step);
      onEvent({ type: 'step', what, step: step.step, steps, loss: step.loss });
    },
  });
  if (status === 'interrupted') throw interrupted();
  return parameters;
}
