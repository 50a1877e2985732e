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
import { pretrainedEncoder, randomEncoder } from './member-encoders.ts';

/** How a loss fell, by name of what was trained. */
export interface LearningCurve {
  readonly name: string;
  readonly points: readonly { readonly step: number; readonly loss: number }[];
}

/** Networks that predict together, under the name they have in results. */
export interface Ensemble {
  readonly method: string;
  readonly kind: 'ours' | 'probe' | 'control';
  readonly members: readonly Member[];
}

export interface FittedMembers {
  /** What predicts. */
  readonly ours: readonly Member[];
  /** What it is compared with: frozen encoders, and the same networks without pretraining. */
  readonly others: readonly Ensemble[];
  readonly curves: readonly LearningCurve[];
  /** Seconds that pretraining and adapting of what predicts took. */
  readonly seconds: { readonly pretraining: number; readonly adapting: number };
}

export interface FitMembersOptions {
  readonly task: SeriesTask;
  readonly config: ClassifyConfig;
  /** Encoder weights of a checkpoint; by default each member pretrains its own. */
  readonly pretrained: HostTensors | undefined;
  readonly backend: Backend;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: FitEvent) => void;
}

/** Most points of a learning curve that are kept. */
const MOST_POINTS = 200;

/** Pretrains and adapts every member, then what they are compared with. */
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
  const keys = Array.from({ length: config.members }, (_, m) =>
    deriveKey(randomKey(config.seed), 'member', m),
  );
  const ours: Member[] = [];
  const frozen: Member[] = [];
  for (const [m, key] of keys.entries()) {
    const name = config.members === 1 ? '' : ` of member ${m + 1}`;
    const encoder = await timed('pretraining', () => encoderOfMember(options, key, name, curves));
    const member = await timed('adapting', () => adapt(options, encoder, key, name, curves));
    ours.push(member);
    if (config.adapt !== 'fine-tune') continue;
    frozen.push(await fitFrozenMember(memberOptions(options, encoder, key), 'ridge'));
  }
  const others: Ensemble[] = [];
  if (frozen.length > 0) others.push({ method: 'frozen encoder + ridge', kind: 'probe', members: frozen });
  if (config.control && config.adapt !== 'scratch')
    others.push(...(await fitControls(options, keys, curves)));
  return { ours, others, curves, seconds };
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
  const curve = curveRecorder(what, config.pretraining.training.steps, curves);
  return pretrainedEncoder(task, config, { ...options, key, what, onStep: curve });
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
    return fitFrozenMember(memberOptions(options, encoder, key), strategy);
  }
  const what = strategy === 'scratch' ? `training from scratch${name}` : `fine-tuning${name}`;
  return trainMember(options, encoder, key, what, curves);
}

async function trainMember(
  options: FitMembersOptions,
  encoder: HostTensors,
  key: RandomKey,
  what: string,
  curves: LearningCurve[],
): Promise<Member> {
  const { onEvent, config } = options;
  const { steps } = config.fineTuning.training;
  onEvent({ type: 'stage', text: what });
  const record = curveRecorder(what, steps, curves);
  const onStep = (step: FitStep) => {
    record(step);
    onEvent({ type: 'step', what, step: step.step, steps, loss: step.loss });
  };
  const { interrupted: stopped, ...member } = await fitTrainedMember({
    ...memberOptions(options, encoder, key),
    onStep,
  });
  if (stopped) throw interrupted();
  return member;
}

/** The same without pretraining: a ridge on random weights, and training from scratch with equal steps and equal compute. */
async function fitControls(
  options: FitMembersOptions,
  keys: readonly RandomKey[],
  curves: LearningCurve[],
): Promise<Ensemble[]> {
  const { task, config, onEvent } = options;
  const random = keys.map((key) => randomEncoder(task, config, key));
  const each = async (fit: (encoder: HostTensors, key: RandomKey, name: string) => Promise<Member>) => {
    const members: Member[] = [];
    for (const [m, key] of keys.entries()) {
      members.push(await fit(random[m]!, key, config.members === 1 ? '' : ` of member ${m + 1}`));
    }
    return members;
  };
  onEvent({ type: 'stage', text: 'ridge on random encoders' });
  const frozen: Ensemble = {
    method: 'frozen random encoder + ridge',
    kind: 'control',
    members: await each((encoder, key) => fitFrozenMember(memberOptions(options, encoder, key), 'ridge')),
  };
  if (config.adapt !== 'fine-tune') return [frozen];
  const sameSteps = await each((encoder, key, name) =>
    trainMember(options, encoder, key, `training from scratch, same steps,${name}`, curves),
  );
  const longer = { ...options, config: withSteps(config, equalComputeSteps(config)) };
  const sameCompute = await each((encoder, key, name) =>
    trainMember(longer, encoder, key, `training from scratch, same compute,${name}`, curves),
  );
  return [
    frozen,
    { method: 'from scratch, same steps', kind: 'control', members: sameSteps },
    { method: 'from scratch, same compute', kind: 'control', members: sameCompute },
  ];
}

/** Fine-tuning steps that cost what pretraining and fine-tuning cost together: a pretraining step encodes each view once. */
export function equalComputeSteps({ pretraining, fineTuning }: ClassifyConfig): number {
  const { instanceContrast, hierarchicalContrast } = pretraining.losses;
  const views = instanceContrast > 0 || hierarchicalContrast > 0 ? 2 : 1;
  return fineTuning.training.steps + views * pretraining.training.steps;
}

function withSteps(config: ClassifyConfig, steps: number): ClassifyConfig {
  return {
    ...config,
    fineTuning: { ...config.fineTuning, training: { ...config.fineTuning.training, steps } },
  };
}

function memberOptions(
  { task, config, backend, signal }: FitMembersOptions,
  encoder: HostTensors,
  key: RandomKey,
) {
  return { task, config, backend, signal, encoder, key: deriveKey(key, 'fine-tuning') };
}

/** Keeps a curve of at most `MOST_POINTS` means over equal stretches of steps. */
function curveRecorder(name: string, steps: number, curves: LearningCurve[]): (step: FitStep) => void {
  const stretch = Math.ceil(steps / MOST_POINTS);
  const points: { step: number; loss: number }[] = [];
  curves.push({ name, points });
  let [count, sum] = [0, 0];
  return ({ step, loss }) => {
    count++;
    sum += loss;
    if (step % stretch !== 0 && step !== steps) return;
    points.push({ step, loss: sum / count });
    [count, sum] = [0, 0];
  };
}
