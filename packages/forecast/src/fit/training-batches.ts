import {
  float32Tensor,
  type HostTensor,
  type HostTensors,
  int32Tensor,
  patchifySeries,
} from '@patchbert/ops';
import { deriveKey, randomKey, uniforms } from '@patchbert/random';
import { contextBatch } from '../batches/forecast-batch.ts';
import { targetBatch } from '../batches/target-batch.ts';
import type { ForecastEncoder } from '../closed-form/features.ts';
import type { ForecastConfig } from '../config/forecast-config.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { type ForecastSample, forecastWindows } from '../task/forecast-windows.ts';
import { mixSeries } from './mix-series.ts';

export interface TrainingBatchesOptions {
  readonly horizon: number;
  readonly encoder: ForecastEncoder;
  readonly config: ForecastConfig;
  readonly hasGaps: boolean;
}

/** Inputs of gradient step `step`, from 1: random training windows, a function of (seed, step) alone. */
export function trainingBatches(
  task: ForecastTask,
  { horizon, encoder, config, hasGaps }: TrainingBatchesOptions,
): (step: number) => HostTensors {
  const windows = forecastWindows(task, 'train', horizon);
  const { batchSize, augment } = config.training;
  const perChannel = config.head.channels === 'per-channel';
  const key = deriveKey(randomKey(config.seed), 'forecast', horizon);
  return (step) => {
    const places = uniforms(deriveKey(key, 'windows', step), batchSize);
    const samples = Array.from(places, (place) => windows.sample(Math.floor(place * windows.count)));
    const batch = trainingBatch(task, samples, { horizon, encoder, hasGaps, perChannel });
    return augment ? mixSeries(batch, deriveKey(key, 'mix', step)) : batch;
  };
}

interface BatchShape {
  readonly horizon: number;
  readonly encoder: ForecastEncoder;
  readonly hasGaps: boolean;
  readonly perChannel: boolean;
}

function trainingBatch(
  task: ForecastTask,
  samples: readonly ForecastSample[],
  { horizon, encoder, hasGaps, perChannel }: BatchShape,
): HostTensors {
  const { layout, outlierLimit } = encoder;
  const size = samples.length;
  const contexts = contextBatch(task, samples, { horizon, size, layout, hasGaps });
  const { targets, observed, weights } = targetBatch(task, samples, contexts, horizon);
  const { context, ...others } = contexts.inputs;
  const clipped = (context!.data as Float32Array).map((value) => clip(value, outlierLimit));
  // Points that pad the oldest patch are missing ones.
  const patches = patchifySeries(clipped, layout).map((value) => (Number.isNaN(value) ? 0 : value));
  const lossWeight = new Float32Array(size * horizon);
  for (let i = 0; i < lossWeight.length; i++) {
    lossWeight[i] = observed[i]! * weights[Math.floor(i / horizon)]!;
  }
  const batch: Record<string, HostTensor> = {
    ...others,
    patches: float32Tensor(patches, [size, layout.patchCount, layout.patchLength]),
    target: float32Tensor(targets, [size, horizon]),
    lossWeight: float32Tensor(lossWeight, [size, horizon]),
  };
  if (perChannel)
    batch.channel = int32Tensor(
      Int32Array.from(samples, ({ channel }) => channel),
      [size],
    );
  return batch;
}

function clip(value: number, limit: number): number {
  return Math.min(Math.max(value, -limit), limit);
}
