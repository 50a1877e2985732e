import { softTargets } from '@patchbert/ops';
import type { ClassifyConfig } from '../config/classify-config.ts';
import type { LabelledSeries, Target } from '../task/series-task.ts';
import { outputCount } from '../task/series-task.ts';

/** `[labelled, outputs]`: smoothed class probabilities, or scaled values. */
export function trainingTargets(
  target: Target,
  { labels, values }: LabelledSeries,
  { fineTuning }: ClassifyConfig,
): Float32Array {
  if (target.kind === 'value') {
    return Float32Array.from(scaledValues(target, values));
  }
  return softTargets(labels, outputCount(target), { smoothing: fineTuning.labelSmoothing });
}

/** Values as readouts predict them, in deviations from the mean. */
export function scaledValues(
  { mean, deviation }: Extract<Target, { kind: 'value' }>,
  values: Float64Array,
): Float64Array {
  return values.map((value) => (value - mean) / deviation);
}

/** `[classes]`: how much a series of each class counts, 1 on average over the series; undefined when all count alike. */
export function classWeightsOf(
  target: Target,
  { labels }: LabelledSeries,
  { classWeights }: ClassifyConfig,
): Float64Array | undefined {
  if (target.kind === 'value' || classWeights === 'none') return undefined;
  const counts = new Float64Array(target.classes.length);
  for (const label of labels) counts[label]!++;
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? labels.length / (present * count) : 1));
}
