import type { Program } from '@patchbert/backend';
import { baselines } from '../baselines/baselines.ts';
import type { PretrainBatch } from '../batches/batch-plan.ts';
import type { ChannelErrors, MethodError, PretrainEvaluation } from './evaluation.ts';
import { fillSeries } from './fill-series.ts';
import type { PreparedPretraining } from './prepare.ts';

/** Predictions of the model for one validation batch, `[series * patches * patchLength]`, in target units. */
export interface PredictedBatch {
  readonly batch: PretrainBatch;
  readonly prediction: Float32Array;
}

/** Mean squared error over the scored points of the validation windows, in target units. */
export async function validationError(program: Program, prepared: PreparedPretraining): Promise<number> {
  let squaredError = 0;
  let count = 0;
  for (const { inputs } of prepared.validation.batches) {
    const outputs = await program.run(inputs);
    squaredError += outputs.squaredError!.data[0]!;
    count += outputs.count!.data[0]!;
  }
  return squaredError / count;
}

/** Runs the model over the validation windows and keeps what it says. */
export async function predictValidation(
  program: Program,
  prepared: PreparedPretraining,
): Promise<PredictedBatch[]> {
  const predicted: PredictedBatch[] = [];
  for (const batch of prepared.validation.batches) {
    const { prediction } = await program.run(batch.inputs);
    predicted.push({ batch, prediction: prediction!.data as Float32Array });
  }
  return predicted;
}

/**
 * Scores the model and the baselines on exactly the same points: hidden, measured, inside the validation rows. Sums are
 * float64 and weighted by points, so the result does not depend on the batch size.
 */
export function evaluatePredictions(
  prepared: PreparedPretraining,
  predicted: readonly PredictedBatch[],
  step: number,
): PretrainEvaluation {
  const { channels } = prepared.plan.frame;
  const methods = ['model', ...Object.keys(baselines)];
  const sums = methods.map(() => channels.map(() => ({ squared: 0, absolute: 0, scaled: 0 })));
  const counts = new Float64Array(channels.length);
  for (const { batch, prediction } of predicted) {
    const fills = [prediction, ...Object.values(baselines).map((fill) => fillSeries(batch, fill))];
    const weights = batch.inputs.lossWeight!.data;
    const target = batch.inputs.target!.data;
    const points = target.length / batch.samples.length;
    for (let i = 0; i < target.length; i++) {
      if (weights[i] === 0) continue;
      const s = Math.floor(i / points);
      const { channel, segment } = batch.samples[s]!;
      counts[channel]!++;
      const unit = (pointScale(batch, i) * batch.scales[s]!) / prepared.scalers[segment]!.scale[channel]!;
      fills.forEach((fill, method) => {
        const error = fill[i]! - target[i]!;
        const sum = sums[method]![channel]!;
        sum.squared += error ** 2;
        sum.absolute += Math.abs(error);
        sum.scaled += (error * unit) ** 2;
      });
    }
  }
  const points = counts.reduce((sum, count) => sum + count, 0);
  const total = (method: number, part: 'squared' | 'absolute' | 'scaled') =>
    sums[method]!.reduce((sum, channel) => sum + channel[part], 0) / points;
  return {
    step,
    split: 'validation',
    series: prepared.validation.series,
    points,
    errors: methods.map(
      (method, m): MethodError => ({
        method,
        maskedError: total(m, 'squared'),
        meanAbsoluteError: total(m, 'absolute'),
        scaledError: total(m, 'scaled'),
      }),
    ),
    errorsByChannel: channels.flatMap((channel, c): ChannelErrors[] => {
      if (counts[c] === 0) return [];
      const errors = methods.map((method, m) => [method, sums[m]![c]!.squared / counts[c]!] as const);
      return [{ channel, points: counts[c]!, maskedError: Object.fromEntries(errors) }];
    }),
  };
}

/** Normalised units of one target unit at a point: 1, or the deviation of its patch with per-patch targets. */
function pointScale({ patchStatistics, normalised }: PretrainBatch, point: number): number {
  if (!patchStatistics) return 1;
  const patchLength = normalised.length / patchStatistics.scales.length;
  return patchStatistics.scales[Math.floor(point / patchLength)]!;
}
