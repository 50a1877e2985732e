import type { HostTensors } from '@patchbert/ops';
import type { RandomKey } from '@patchbert/random';
import type { ClassifyConfig } from '../config/classify-config.ts';
import { fitFrozenMember } from '../member/fit-member.ts';
import type { Member } from '../member/member.ts';
import {
  type FitMembersOptions,
  type FittedMembers,
  memberKeys,
  memberName,
  trainMember,
} from './fit-members.ts';
import type { LearningCurve } from './learning-curve.ts';
import { randomEncoder } from './member-encoders.ts';

/** Networks that predict together, under the name they have in results. */
export interface Ensemble {
  readonly method: string;
  readonly kind: 'probe' | 'control';
  readonly members: readonly Member[];
}

export interface Comparisons {
  readonly ensembles: readonly Ensemble[];
  readonly curves: readonly LearningCurve[];
}

/**
 * What a fit is compared with: after fine-tuning its frozen encoders under a ridge, and with `control` the same without
 * pretraining: a ridge on random weights, and training from scratch with equal steps and (but for a checkpoint) equal compute.
 */
export async function fitComparisons(
  options: FitMembersOptions,
  { encoders }: Pick<FittedMembers, 'encoders'>,
): Promise<Comparisons> {
  const { task, config, onEvent } = options;
  const { adapt, control } = config;
  const keys = memberKeys(config);
  const ensembles: Ensemble[] = [];
  const curves: LearningCurve[] = [];
  const each = async (
    method: string,
    kind: Ensemble['kind'],
    from: readonly HostTensors[],
    fit: (encoder: HostTensors, key: RandomKey, name: string) => Promise<Member>,
    count = keys.length,
  ) => {
    const members: Member[] = [];
    for (const [m, key] of keys.slice(0, count).entries())
      members.push(await fit(from[m]!, key, memberName(config, m)));
    ensembles.push({ method, kind, members });
  };
  const frozen = (readout: 'ridge' | 'logistic') => (encoder: HostTensors, key: RandomKey) =>
    fitFrozenMember({ ...options, encoder, key }, readout);
  if (adapt === 'fine-tune') await each('frozen encoder + ridge', 'probe', encoders, frozen('ridge'));
  if (!control || adapt === 'scratch') return { ensembles, curves };

  const random = keys.map((key) => randomEncoder(task, config, key));
  const readout = adapt === 'logistic' ? 'logistic' : 'ridge';
  onEvent({ type: 'stage', text: `${readout} on random encoders` });
  await each(`frozen random encoder + ${readout}`, 'control', random, frozen(readout));
  if (adapt !== 'fine-tune') return { ensembles, curves };
  const trained = Math.min(config.controlMembers ?? keys.length, keys.length);
  const which = trained === keys.length ? '' : trained === 1 ? 'one network ' : `${trained} networks `;
  // What a checkpoint cost is not known here.
  const equalCompute = options.pretrained ? [] : [['same compute', equalComputeSteps(config)] as const];
  for (const [equal, steps] of [['same steps', config.fineTuning.training.steps] as const, ...equalCompute]) {
    const longer = { ...options, config: withSteps(config, steps) };
    await each(
      `${which}from scratch, ${equal}`,
      'control',
      random,
      (encoder, key, name) =>
        trainMember(longer, encoder, key, `training from scratch (${equal})${name}`, curves),
      trained,
    );
  }
  return { ensembles, curves };
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
