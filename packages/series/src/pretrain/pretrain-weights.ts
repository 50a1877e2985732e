import type { SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import { type EncoderConfig, encoderParameterSpecs, initialiseParameters } from '@patchbert/encoder';
import type { HostTensors, TensorSpec } from '@patchbert/ops';
import { deriveKey, type RandomKey } from '@patchbert/random';
import { encoderOf } from '../input/encoder-of.ts';
import { channelGroups, type SeriesInputs } from '../input/series-inputs.ts';
import { type PretrainingLosses, seriesPretrainingLoss } from '../objectives/series-pretraining.ts';
import { type TrainedWeights, type TrainingHooks, trainWeights } from '../training/train-weights.ts';
import { pretrainingBatches } from './pretraining-batches.ts';
import type { SeriesPretraining } from './series-pretraining-config.ts';

export interface PretrainWeightsOptions extends TrainingHooks {
  /** From `pretrainingPoints`. */
  readonly series: readonly SeriesPoints[];
  readonly inputs: SeriesInputs;
  readonly config: SeriesPretraining;
  readonly backend: Backend;
  readonly key: RandomKey;
}

/** Pretrains an encoder on whole series without labels, from random weights. */
export async function pretrainWeights(options: PretrainWeightsOptions): Promise<TrainedWeights> {
  const { series, inputs, config, backend, key, ...hooks } = options;
  const encoder = encoderOf(inputs);
  const { losses, temperature } = config;
  const channels = channelGroups(inputs);
  const makeBatch = pretrainingBatches({ series, inputs, config, key: deriveKey(key, 'pretraining') });
  return trainWeights({
    backend,
    loss: (parameters, batch) =>
      seriesPretrainingLoss({ encoder, channels, losses, temperature }, parameters, batch),
    parameters: initialisePretraining(inputs, losses, deriveKey(key, 'weights')),
    training: config.training,
    makeBatch,
    ...hooks,
  });
}

/** Random weights of the encoder and of what pretraining reads it with. */
export function initialisePretraining(
  inputs: SeriesInputs,
  losses: PretrainingLosses,
  key: RandomKey,
): HostTensors {
  const encoder = encoderOf(inputs);
  return initialiseParameters(
    { ...encoderParameterSpecs(encoder), ...pretrainingHeadSpecs(inputs, encoder, losses) },
    key,
  );
}

/** Only what the losses read: a parameter without a gradient cannot be trained. */
function pretrainingHeadSpecs(
  { model, channels }: SeriesInputs,
  { width }: EncoderConfig,
  losses: PretrainingLosses,
): Record<string, TensorSpec> {
  const outputs = model.patchLength * (model.channels === 'mixed' ? channels.length : 1);
  const reconstructs = losses.reconstruction > 0 || losses.spectrum > 0;
  return {
    ...(reconstructs && linearSpecs('head', width, outputs)),
    ...(losses.instanceContrast > 0 && linearSpecs('contrast', width, width)),
  };
}

function linearSpecs(name: string, inputs: number, outputs: number): Record<string, TensorSpec> {
  return {
    [`${name}.weight`]: { shape: [outputs, inputs], dtype: 'float32' },
    [`${name}.bias`]: { shape: [outputs], dtype: 'float32' },
  };
}
