import { classesOf, classIndices, type SeriesSet } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { drawLabels } from '@patchbert/evaluation';
import { deriveKey, randomKey } from '@patchbert/random';
import { fitSeriesInputs, prepareSeries, type SeriesInputs } from '@patchbert/series';
import type { ClassifyChoices } from '../config/classify-config.ts';
import type { LabelledSeries, SeriesTask, Target } from './series-task.ts';

export interface TaskOptions {
  readonly kind: Target['kind'];
  readonly config: ClassifyChoices;
  /** Inputs of a pretrained encoder; by default they follow from the training series. */
  readonly pretrained?: SeriesInputs | undefined;
  /** Classes of a larger set that `train` is a part of; by default those of its own labels. */
  readonly classes?: readonly string[] | undefined;
}

/**
 * Training series as a fit reads them: target, model, scaling (of training series alone), and whose labels may be read.
 *
 * @throws PatchBertError `data/...` for labels that cannot be learned from, `classify/too-few-labels`, `classify/other-channels`.
 */
export function prepareTask(
  train: SeriesSet,
  { kind, config, pretrained, classes }: TaskOptions,
): SeriesTask {
  const inputs = pretrained ? checkedInputs(train, pretrained, config) : fitSeriesInputs(train, config.model);
  const series = prepareSeries(train, inputs.model, inputs.scaler);
  const known = kind === 'value' ? undefined : (classes ?? classesOf(train, config));
  const indices = labelledIndices(train, known, config);
  if (indices.length < 2) {
    throw new PatchBertError(
      'classify/too-few-labels',
      `prepareTask: ${indices.length} of ${train.series.length} series is read with its ${known ? 'label' : 'value'}; expected two or more. Read more of them.`,
    );
  }
  const target: Target = known ? { kind: 'class', classes: known } : valueTarget(train, indices);
  return { target, inputs, series, train, labelled: labelledSeries(train, target, series, indices) };
}

/** A checkpoint has a model of its own: what was asked for must be that. */
function checkedInputs(train: SeriesSet, inputs: SeriesInputs, { model }: ClassifyChoices): SeriesInputs {
  if (train.channels.length !== inputs.channels.length) {
    throw new PatchBertError(
      'classify/other-channels',
      `prepareTask: ${JSON.stringify(train.name)} has ${train.channels.length} channels, and the encoder was pretrained on ` +
        `${inputs.channels.length}. Pretrain on series like these, or leave the checkpoint out.`,
    );
  }
  const own: Readonly<Record<string, unknown>> = inputs.model;
  const other = Object.entries(model).find(([name, value]) => value !== undefined && own[name] !== value);
  if (other) {
    const [name, value] = other;
    throw new PatchBertError(
      'classify/other-model',
      `prepareTask: model.${name} is ${value}, and the encoder of the checkpoint was pretrained with ${own[name]}; leave one of them out.`,
    );
  }
  return { ...inputs, channels: [...train.channels] };
}

/** Mean and deviation of the values that may be read, and of no others. */
function valueTarget({ name, targets }: SeriesSet, indices: Int32Array): Target {
  if (targets === undefined) {
    throw new PatchBertError(
      'classify/no-targets',
      `prepareTask: ${JSON.stringify(name)} has no values to predict; expected one number per series.`,
    );
  }
  const values = Float64Array.from(indices, (index) => targets[index]!);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { kind: 'value', mean, deviation: variance > 0 ? Math.sqrt(variance) : 1 };
}

function labelledIndices(
  train: SeriesSet,
  classes: readonly string[] | undefined,
  { labelsPerClass, labelFraction, seed }: ClassifyChoices,
): Int32Array {
  const every = Int32Array.from({ length: train.series.length }, (_, index) => index);
  if (labelsPerClass === undefined && labelFraction === undefined) return every;
  const key = deriveKey(randomKey(seed), 'labels');
  const groups = classes ? classIndices(train, classes) : new Int32Array(every.length);
  return labelsPerClass === undefined
    ? drawLabels(groups, { fraction: labelFraction! }, key)
    : drawLabels(groups, { perClass: labelsPerClass }, key);
}

function labelledSeries(
  train: SeriesSet,
  target: Target,
  series: SeriesTask['series'],
  indices: Int32Array,
): LabelledSeries {
  const labels = target.kind === 'class' ? classIndices(train, target.classes) : undefined;
  return {
    indices,
    series: Array.from(indices, (index) => series[index]!),
    labels: labels ? Int32Array.from(indices, (index) => labels[index]!) : new Int32Array(),
    values: labels ? new Float64Array() : Float64Array.from(indices, (index) => train.targets![index]!),
  };
}
