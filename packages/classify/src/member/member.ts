import { encoderParameterSpecs } from '@patchbert/encoder';
import type { HostTensors, TensorSpec } from '@patchbert/ops';
import type { LinearModel } from '@patchbert/probe';
import {
  encoderOf,
  type FeatureConfig,
  type Pooling,
  poolingSpecs,
  type SeriesInputs,
} from '@patchbert/series';
import type { ClassifyChoices } from '../config/classify-config.ts';

/** One network with its readouts, all on raw features of the whole, unaltered series. */
export interface Member {
  /** Weights of the encoder and of what pooling learned, see `memberSpecs`. */
  readonly parameters: HostTensors;
  readonly readouts: Readouts;
}

/** At least one of them. Outputs are scores per class, or the scaled value, see `Target`: float32 may not hold large ones. */
export interface Readouts {
  /** Trained with the encoder, or by maximum likelihood on a frozen one: log-probabilities up to a constant. */
  readonly head?: LinearModel;
  /** Ridge in closed form on targets of +1 and -1, or on scaled values. */
  readonly ridge?: LinearModel;
}

/** What every readout reads: each level's tokens pooled in several ways, and the class token of a model that has one. */
export function readoutFeatures(
  inputs: SeriesInputs,
  { poolings }: Pick<ClassifyChoices, 'poolings'>,
): FeatureConfig {
  const all: readonly Pooling[] = inputs.model.classToken ? [...poolings, 'class'] : poolings;
  return { levels: 'all', poolings: all };
}

/** Names and shapes of the weights of a member beside its readouts. */
export function memberSpecs(
  inputs: SeriesInputs,
  config: Pick<ClassifyChoices, 'poolings'>,
): Readonly<Record<string, TensorSpec>> {
  const encoder = encoderOf(inputs);
  return { ...encoderParameterSpecs(encoder), ...poolingSpecs(readoutFeatures(inputs, config), encoder) };
}
