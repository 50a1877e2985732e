import type { HostTensors } from '@patchbert/ops';
import type { LinearModel } from '@patchbert/probe';
import type { FeatureConfig, Pooling } from '@patchbert/series';

/** One network with its readouts, all on raw features of the whole, unaltered series. */
export interface Member {
  /** Encoder weights. */
  readonly parameters: HostTensors;
  readonly readouts: Readouts;
}

/** At least one of them. Outputs are scores per class, or the value in the user's unit. */
export interface Readouts {
  /** Trained with the encoder, or by maximum likelihood on a frozen one: log-probabilities up to a constant. */
  readonly head?: LinearModel;
  /** Ridge in closed form on targets of +1 and -1, or on values. */
  readonly ridge?: LinearModel;
}

/** What every readout reads: each level's tokens pooled in several ways. */
export function readoutFeatures(classToken: boolean): FeatureConfig {
  const poolings: readonly Pooling[] = ['mean', 'max', 'deviation', 'positive'];
  return { levels: 'all', poolings: classToken ? [...poolings, 'class'] : poolings };
}
