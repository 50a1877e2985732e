import type { Backend } from '@patchbert/backend';
import { elementCount, float32Tensor, type HostTensors } from '@patchbert/ops';
import { applyLinear, type FeatureMatrix, type LinearModel } from '@patchbert/probe';
import type { RandomKey } from '@patchbert/random';
import { openSeriesEncoder } from '@patchbert/series';
import type { FitStep } from '@patchbert/train';
import type { ClassifyConfig } from '../config/classify-config.ts';
import { outputCount, type SeriesTask } from '../task/series-task.ts';
import { fineTune, HEAD_EPSILON } from './fine-tune.ts';
import { fitLine } from './fit-line.ts';
import { fitHead, fitRidge } from './fit-readouts.ts';
import { foldNormalisation } from './fold-normalisation.ts';
import { type Member, memberSpecs, readoutFeatures } from './member.ts';
import { classWeightsOf, scaledValues, trainingTargets } from './training-targets.ts';

export interface FitMemberOptions {
  readonly task: SeriesTask;
  readonly config: ClassifyConfig;
  /** Pretrained encoder weights, or random ones. */
  readonly encoder: HostTensors;
  readonly backend: Backend;
  readonly key: RandomKey;
  readonly onStep?: ((step: FitStep) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Fits the readouts of a frozen encoder in closed form or by maximum likelihood; nothing of the encoder changes. */
export async function fitFrozenMember(
  { task, config, encoder, backend, key }: FitMemberOptions,
  kind: 'ridge' | 'logistic',
): Promise<Member> {
  const parameters = memberParameters(task, config, encoder);
  const features = await labelledFeatures(task, config, parameters, backend);
  const readouts =
    kind === 'ridge'
      ? { ridge: fitRidge(features, task, config, key) }
      : { head: fitHead(features, task, config, key) };
  return { parameters, readouts };
}

/** Trains encoder and head on the labels, then fits a ridge on what the encoder has become. */
export async function fitTrainedMember(
  options: FitMemberOptions,
): Promise<Member & { readonly interrupted: boolean }> {
  const { task, config, backend } = options;
  const { target, labelled, inputs } = task;
  const weights = classWeightsOf(target, labelled, config);
  const trained = await fineTune({
    series: labelled.series,
    targets: trainingTargets(target, labelled, config),
    outputs: outputCount(target),
    loss: target.kind === 'class' ? 'cross-entropy' : 'squared-error',
    weights: Float32Array.from(labelled.series, (_, i) => weights?.[labelled.labels[i]!] ?? 1),
    inputs,
    features: readoutFeatures(inputs, config),
    config: config.fineTuning,
    encoder: options.encoder,
    backend,
    key: options.key,
    onStep: options.onStep,
    signal: options.signal,
  });
  const readout = config.readout ?? (target.kind === 'class' ? 'both' : 'ridge');
  const parameters = memberParameters(task, config, trained.parameters);
  const features = await labelledFeatures(task, config, parameters, backend);
  const head = foldNormalisation(
    {
      weight: trained.parameters['head.weight']!.data as Float32Array,
      bias: trained.parameters['head.bias']!.data as Float32Array,
    },
    features,
    HEAD_EPSILON,
  );
  return {
    parameters,
    readouts: {
      ...(readout !== 'ridge' && { head: levelled(head, features, task) }),
      ...(readout !== 'head' && { ridge: fitRidge(features, task, config, options.key) }),
    },
    interrupted: trained.status === 'interrupted',
  };
}

/** Of an encoder that no pooling was learned with, an attention is the mean. */
function memberParameters(
  { inputs }: SeriesTask,
  config: ClassifyConfig,
  parameters: HostTensors,
): HostTensors {
  return Object.fromEntries(
    Object.entries(memberSpecs(inputs, config)).map(([name, { shape }]) => [
      name,
      parameters[name] ?? float32Tensor(new Float32Array(elementCount(shape)), shape),
    ]),
  );
}

async function labelledFeatures(
  { inputs, labelled }: SeriesTask,
  config: ClassifyConfig,
  parameters: HostTensors,
  backend: Backend,
): Promise<FeatureMatrix> {
  const encoder = await openSeriesEncoder({
    backend,
    inputs,
    features: readoutFeatures(inputs, config),
    parameters,
    batchSize: config.batchSize,
  });
  try {
    const values = await encoder.encode(labelled.series);
    return { rows: labelled.series.length, columns: encoder.width, values };
  } finally {
    encoder.dispose();
  }
}

/**
 * Heads for classes as they are. One for values learned from masked series and some of their tokens, whose features vary
 * otherwise than those of whole ones: its values for whole series rise too steeply, so they are put on the least-squares line
 * of the labelled series.
 */
function levelled(head: LinearModel, features: FeatureMatrix, { target, labelled }: SeriesTask): LinearModel {
  if (target.kind === 'class') return head;
  const line = fitLine(applyLinear(head, features), scaledValues(target, labelled.values));
  if (line === undefined) return head;
  const { slope, offset } = line;
  return {
    ...head,
    weight: head.weight.map((weight) => weight * slope),
    bias: head.bias.map((bias) => bias * slope + offset),
  };
}
