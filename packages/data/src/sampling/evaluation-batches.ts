import { PatchBertError } from '@patchbert/errors';
import { type SamplingOptions, type SeriesSample, samplingUnits } from './series-sample.ts';

/** A batch of fixed size; padding repeats the batch's first sample with weight 0. */
export interface WeightedBatch {
  readonly samples: readonly SeriesSample[];
  /** `[series]`: 1 for a sample that counts, 0 for padding. */
  readonly weights: Float32Array;
}

export interface EvaluationBatches {
  readonly batchCount: number;
  readonly seriesPerBatch: number;
  /** Number of samples that count, over all batches. */
  readonly sampleCount: number;
  /** Batch `index`, counted from 0. */
  batch(index: number): WeightedBatch;
}

/**
 * Every sample of a grid once, in time order; the last batch is padded, not dropped, so that a metric does
 * not depend on the batch size.
 *
 * @throws PatchBertError `data/bad-batch`, `data/too-few-rows`.
 * @example
 * const batches = evaluationBatches({ channelCount: 7, grid, batchSize: 256 });
 * const { samples, weights } = batches.batch(batches.batchCount - 1);
 */
export function evaluationBatches(options: SamplingOptions): EvaluationBatches {
  const units = samplingUnits('evaluationBatches', options);
  const { batchSize } = options;
  const batchCount = Math.ceil(units.count / batchSize);
  const seriesPerBatch = batchSize * units.seriesPerUnit;
  return {
    batchCount,
    seriesPerBatch,
    sampleCount: units.count * units.seriesPerUnit,
    batch: (index) => {
      if (!Number.isSafeInteger(index) || index < 0 || index >= batchCount) {
        throw new PatchBertError(
          'data/bad-batch',
          `batch: there is no batch ${index}; there are ${batchCount}, counted from 0.`,
        );
      }
      const samples: SeriesSample[] = [];
      const first = index * batchSize;
      const end = Math.min(first + batchSize, units.count);
      for (let unit = first; unit < end; unit++) units.append(unit, samples);
      const weights = new Float32Array(seriesPerBatch).fill(1, 0, samples.length);
      while (samples.length < seriesPerBatch) samples.push(samples[0]!);
      return { samples, weights };
    },
  };
}
