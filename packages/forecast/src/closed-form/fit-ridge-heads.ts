import type { Backend } from '@patchbert/backend';
import { float32Tensor, type HostTensor, type HostTensors, type Tensors } from '@patchbert/ops';
import {
  fitRidge,
  gatherSums,
  type PenaltyRange,
  type PenaltyTrial,
  type RidgeSums,
  type SumsGatherer,
} from '@patchbert/ridge';
import type * as tf from '@tensorflow/tfjs-core';
import { type ContextOptions, contextBatch } from '../batches/forecast-batch.ts';
import { targetBatch } from '../batches/target-batch.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { fillTargets } from './fill-targets.ts';
import { type SampleTier, sampleTiers } from './sample-tiers.ts';

/** A linear map from features to the horizon, fitted in closed form. */
export interface RidgeHead {
  readonly horizon: number;
  /** `[F * H]`, the constant's row last. */
  readonly weights: Float32Array;
  readonly features: number;
  readonly penalty: number;
  /** Mean squared error on the (thinned) validation windows, on the scale that is scored. */
  readonly validation: number;
  readonly trials: readonly PenaltyTrial[];
  readonly trainRows: number;
}

export interface RidgeHeadsOptions {
  readonly features: (parameters: Tensors, batch: Tensors) => tf.Tensor2D;
  /** Features per window without the exogenous inputs, which depend on the horizon. */
  readonly featureCount: number;
  readonly parameters?: HostTensors;
  readonly horizons: readonly number[];
  readonly context: Omit<ContextOptions, 'horizon' | 'size'>;
  /** Most rows that are fitted on, and most that choose the penalty. */
  readonly mostRows: number;
  readonly batchSize: number;
  /** Where the penalty is looked for, by the number of features and of training rows. */
  readonly penalties?: (features: number, rows: number) => PenaltyRange;
  /** Told about rows that are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Fits one ridge head per horizon: sums over the training windows, penalty on the validation windows. One pass over the
 * windows serves all horizons, as windows that hold a long one hold the shorter ones too. What gathers is released before
 * anything is solved, and the sums of a horizon once it is: they are the largest arrays of a fit.
 */
export async function fitRidgeHeads(
  backend: Backend,
  task: ForecastTask,
  options: RidgeHeadsOptions,
): Promise<RidgeHead[]> {
  const validationTiers = sampleTiers(task, 'validation', options.horizons, options.mostRows);
  const trainingTiers = sampleTiers(task, 'train', options.horizons, options.mostRows);
  const progress = countProgress([...validationTiers, ...trainingTiers], options.onProgress);
  const validations = await sumsByTier(backend, task, validationTiers, options, progress);
  const trainings = await sumsByTier(backend, task, trainingTiers, options, progress);
  const heads: RidgeHead[] = [];
  for (const { horizon } of trainingTiers) {
    const [training, validation] = [trainings.shift()!, validations.shift()!];
    const range = options.penalties?.(training.features, training.rows);
    const { weights, penalty, error, trials } = await fitRidge(backend, training, validation, range);
    const { features, rows } = training;
    heads.push({ horizon, weights, features, penalty, validation: error, trials, trainRows: rows });
  }
  return heads.reverse();
}

/** The sums of each tier's horizon. */
async function sumsByTier(
  backend: Backend,
  task: ForecastTask,
  tiers: readonly SampleTier[],
  options: RidgeHeadsOptions,
  progress: (rows: number) => void,
): Promise<RidgeSums[]> {
  const longest = tiers[0]!.horizon;
  const sums: RidgeSums[] = [];
  let gatherer: SumsGatherer | undefined;
  try {
    for (const tier of tiers) {
      if (tier.fresh || gatherer === undefined) {
        gatherer?.dispose();
        gatherer = await openGatherer(backend, task, tier, longest, options);
      }
      for (let first = 0; first < tier.samples.length; first += options.batchSize) {
        await gatherer.add(ridgeBatch(task, tier, first, longest, options));
        progress(Math.min(options.batchSize, tier.samples.length - first));
      }
      sums.push(await gatherer.read(tier.horizon));
    }
  } finally {
    gatherer?.dispose();
  }
  return sums;
}

function countProgress(
  tiers: readonly SampleTier[],
  onProgress: RidgeHeadsOptions['onProgress'],
): (rows: number) => void {
  const total = tiers.reduce((sum, { samples }) => sum + samples.length, 0);
  let done = 0;
  return (rows) => {
    done += rows;
    onProgress?.(done, total);
  };
}

async function openGatherer(
  backend: Backend,
  task: ForecastTask,
  tier: SampleTier,
  targetCount: number,
  options: RidgeHeadsOptions,
): Promise<SumsGatherer> {
  const example = ridgeBatch(task, tier, 0, targetCount, options);
  const exogenous = example.exogenous?.shape[1] ?? 0;
  return gatherSums(backend, {
    features: options.features,
    featureCount: options.featureCount + exogenous,
    targetCount,
    ...(options.parameters && { parameters: options.parameters }),
    batch: Object.fromEntries(
      Object.entries(example).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
    ),
  });
}

/** One batch of a tier: contexts, targets up to the tier's horizon, weights. */
function ridgeBatch(
  task: ForecastTask,
  { samples, horizon }: SampleTier,
  first: number,
  targetCount: number,
  { batchSize, context }: RidgeHeadsOptions,
): Record<string, HostTensor> {
  const chosen = samples.slice(first, first + batchSize);
  const contexts = contextBatch(task, chosen, { ...context, horizon, size: batchSize });
  const { targets, observed, weights } = targetBatch(task, chosen, contexts, horizon);
  fillTargets(targets, observed, weights, horizon);
  return {
    ...contexts.inputs,
    'ridge.target': float32Tensor(widen(targets, batchSize, horizon, targetCount), [batchSize, targetCount]),
    'ridge.weight': float32Tensor(weights, [batchSize, 1]),
  };
}

function widen(values: Float32Array, rows: number, from: number, to: number): Float32Array {
  if (from === to) return values;
  const result = new Float32Array(rows * to);
  for (let row = 0; row < rows; row++) result.set(values.subarray(row * from, (row + 1) * from), row * to);
  return result;
}
