import type { Backend } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import { deriveKey, type RandomKey, randomKey } from '@patchbert/random';
import type { FitStep } from '@patchbert/train';
import type { ClassifyConfig } from '../config/classify-config.ts';
import { fitFrozenMember, fitTrainedMember } from '../member/fit-member.ts';
import type { Member } from '../member/member.ts';
import type { SeriesTask } from '../task/series-task.ts';
import type { FitEvent } from './events.ts';
import { interrupted } from './interrupted.ts';
import { type LearningCurve, recordCurve } from './learning-curve.ts';
import { pretrainedEncoder, randomEncoder } from './member-encoders.ts';

export interface FitMembersOptions {
  readonly task: SeriesTask;
  readonly config: ClassifyConfig;
  /** Encoder weights of a checkpoint; by default each member pretrains its own. */
  readonly pretrained: HostTensors | undefined;
  readonly backend: Backend;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: FitEvent) => void;
}

/** What predicts. */
export interface FittedMembers {
  readonly members: readonly Member[];
  /** What each was adapted from: weights of the encoder and of what pretraining read it with. */
  readonly encoders: readonly HostTensors[];
  readonly curves: readonly LearningCurve[];
  readonly seconds: { readonly pretraining: number; readonly adapting: number };
}

/** Pretrains and adapts every member. */
export async function fitMembers(options: FitMembersOptions): Promise<FittedMembers> {
  const { config, signal } = options;
  const curves: LearningCurve[] = [];
  const seconds = { pretraining: 0, adapting: 0 };
  const timed = async <T>(what: keyof typeof seconds, work: () => Promise<T>): Promise<T> => {
    if (signal?.aborted) throw interrupted();
    const began = performance.now();
    const result = await work();
    seconds[what] += (performance.now() - began) / 1000;
    return result;
  };
  const members: Member[] = [];
  const encoders: HostTensors[] = [];
  for (const [m, key] of memberKeys(config).entries()) {
    const name = memberName(config, m);
    const encoder = await timed('pretraining', () => encoderOfMember(options, key, name, curves));
    encoders.push(encoder);
    members.push(await timed('adapting', () => adapt(options, encoder, key, name, curves)));
  }
  return { members, encoders, curves, seconds };
}

/** What everything random of each member follows from. */
export function memberKeys({ seed, members }: ClassifyConfig): RandomKey[] {
  return Array.from({ length: members }, (_, m) => deriveKey(randomKey(seed), 'member', m));
}

/** ` of member 2`; empty for a single one. */
export function memberName({ members }: ClassifyConfig, index: number): string {
  return members === 1 ? '' : ` of member ${index + 1}`;
}

async function encoderOfMember(
  options: FitMembersOptions,
  key: RandomKey,
  name: string,
  curves: LearningCurve[],
): Promise<HostTensors> {
  const { task, config, pretrained, onEvent } = options;
  if (config.adapt === 'scratch') return randomEncoder(task, config, key);
  if (pretrained) return pretrained;
  const what = `pretraining${name}`;
  onEvent({ type: 'stage', text: what });
  const onStep = recordCurve(what, config.pretraining.training.steps, curves);
  return pretrainedEncoder(task, config, { ...options, key, what, onStep });
}

/** The strategy of the configuration, on an encoder. */
async function adapt(
  options: FitMembersOptions,
  encoder: HostTensors,
  key: RandomKey,
  name: string,
  curves: LearningCurve[],
): Promise<Member> {
  const { config, onEvent } = options;
  const { adapt: strategy } = config;
  if (strategy === 'ridge' || strategy === 'logistic') {
    onEvent({ type: 'stage', text: `${strategy} on the frozen encoder${name}` });
    return fitFrozenMember({ ...options, encoder, key }, strategy);
  }
  const what = strategy === 'scratch' ? `training from scratch${name}` : `fine-tuning${name}`;
  return trainMember(options, encoder, key, what, curves);
}

/** Trains one member on the labels, with its learning curve under the name `what`. */
export async function trainMember(
  options: FitMembersOptions,
  encoder: HostTensors,
  key: RandomKey,
  what: string,
  curves: LearningCurve[],
): Promise<Member> {
  const { onEvent, config } = options;
  const { steps } = config.fineTuning.training;
  onEvent({ type: 'stage', text: what });
  const record = recordCurve(what, steps, curves);
  const onStep = (step: FitStep) => {
    record(step);
    onEvent({ type: 'step', what, step: step.step, steps, loss: step.loss });
  };
  const { interrupted: stopped, ...member } = await fitTrainedMember({
    ...options,
    encoder,
    key: deriveKey(key, 'fine-tuning'),
    onStep,
  });
  if (stopped) throw interrupted();
  return member;
}
