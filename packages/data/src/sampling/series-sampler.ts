import { PatchBertError } from '@patchbert/errors';
import { deriveKey, indexPermutation, randomKey } from '@patchbert/random';
import { type SamplingOptions, type SeriesSample, samplingUnits } from './series-sample.ts';

export interface SeriesSamplerOptions extends SamplingOptions {
  /** Seed of the order; the order of epoch `e` is drawn from the key (seed, 'order', e). */
  readonly seed: number;
}

/** Training batches: batch `step` is a function of (seed, step) alone, so training resumes anywhere. */
export interface SeriesSampler {
  /** Full batches in one pass over the samples, at least 1. */
  readonly stepsPerEpoch: number;
  /** Series of every batch: `batchSize`, times the channels when whole windows are drawn. */
  readonly seriesPerBatch: number;
  /** The batch of a step, counted from 0. */
  batch(step: number): readonly SeriesSample[];
}

/**
 * Seeded training batches over the windows of a grid, every sample at most once per epoch in a new order;
 * the ragged last batch of an epoch is dropped, so that shapes stay fixed.
 *
 * With a batch larger than the number of samples, an epoch is one step and batches run on through the
 * orders of further epochs, so a sample can come more than once in a batch.
 *
 * @throws PatchBertError `data/bad-batch`, `data/too-few-rows`.
 * @example
 * const sampler = seriesSampler({ channelCount: 7, grid, batchSize: 64, seed: 0 });
 * const first = sampler.batch(0); // 64 samples { start, channel, id }
 */
export function seriesSampler(options: SeriesSamplerOptions): SeriesSampler {
  const units = samplingUnits('seriesSampler', options);
  const { batchSize } = options;
  const orderKey = deriveKey(randomKey(options.seed), 'order');
  const wraps = batchSize > units.count;
  const stepsPerEpoch = wraps ? 1 : Math.floor(units.count / batchSize);

  // The order of the last epoch asked for: a cache, not state, as each order follows from its key.
  let cachedEpoch = -1;
  let order = (index: number): number => index;
  const unitAt = (epoch: number, index: number): number => {
    if (epoch !== cachedEpoch) {
      order = indexPermutation(deriveKey(orderKey, epoch), units.count);
      cachedEpoch = epoch;
    }
    return order(index);
  };

  return {
    stepsPerEpoch,
    seriesPerBatch: batchSize * units.seriesPerUnit,
    batch: (step) => {
      if (!Number.isSafeInteger(step) || step < 0) {
        throw new PatchBertError(
          'data/bad-batch',
          `batch: step is ${step}; expected a whole number, 0 or more.`,
        );
      }
      const samples: SeriesSample[] = [];
      const epoch = Math.floor(step / stepsPerEpoch);
      const first = (step % stepsPerEpoch) * batchSize;
      for (let i = 0; i < batchSize; i++) {
        if (wraps) {
          const position = step * batchSize + i;
          units.append(unitAt(Math.floor(position / units.count), position % units.count), samples);
        } else {
          units.append(unitAt(epoch, first + i), samples);
        }
      }
      return samples;
    },
  };
}
