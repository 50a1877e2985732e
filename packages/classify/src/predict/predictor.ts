import type { SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import type { SeriesSet } from '@patchbert/data';
import type { FeatureMatrix } from '@patchbert/probe';
import { openSeriesEncoder, prepareSeries, type SeriesEncoder, type SeriesInputs } from '@patchbert/series';
import type { ClassifyChoices } from '../config/classify-config.ts';
import { type Member, readoutFeatures } from '../member/member.ts';
import type { Target } from '../task/series-task.ts';
import { alignChannels } from './align-channels.ts';
import { meanPrediction, readoutPredictions } from './combine-readouts.ts';

/** Predictions of a set of series by an ensemble and its parts: `[series, outputs]` each. */
export interface Predictions {
  /** The mean of all readouts of all members. */
  readonly ensemble: Float64Array;
  /** The mean of the readouts of each member. */
  readonly members: readonly Float64Array[];
  /** The mean over members of each readout. */
  readonly readouts: { readonly head?: Float64Array; readonly ridge?: Float64Array };
  /** What the first member's encoder makes of each series. */
  readonly features: FeatureMatrix;
}

/** An ensemble that is ready to predict. */
export interface Predictor {
  predict(set: SeriesSet, onProgress?: (done: number, total: number) => void): Promise<Predictions>;
  /** `[series, width]` of the first member. */
  embed(set: SeriesSet): Promise<FeatureMatrix>;
  dispose(): void;
}

/** Compiles every member; dispose of the predictor when done. */
export async function openPredictor(
  backend: Backend,
  {
    target,
    inputs,
    members,
    config,
  }: {
    readonly target: Target;
    readonly inputs: SeriesInputs;
    readonly members: readonly Member[];
    readonly config: ClassifyChoices;
  },
): Promise<Predictor> {
  const encoders: SeriesEncoder[] = [];
  const dispose = () => {
    for (const encoder of encoders) encoder.dispose();
  };
  try {
    for (const { parameters } of members) {
      encoders.push(
        await openSeriesEncoder({
          backend,
          inputs,
          features: readoutFeatures(inputs, config),
          parameters,
          batchSize: config.batchSize,
        }),
      );
    }
  } catch (error) {
    dispose();
    throw error;
  }
  const encode = async (
    encoder: SeriesEncoder,
    series: readonly SeriesPoints[],
    onProgress?: (done: number) => void,
  ): Promise<FeatureMatrix> => ({
    rows: series.length,
    columns: encoder.width,
    values: await encoder.encode(series, onProgress),
  });
  const prepared = (set: SeriesSet) =>
    prepareSeries(alignChannels(set, inputs.channels), inputs.model, inputs.scaler);
  return {
    predict: async (set, onProgress) => {
      const series = prepared(set);
      const total = series.length * members.length;
      const byMember: ReturnType<typeof readoutPredictions>[] = [];
      let features: FeatureMatrix | undefined;
      for (const [m, { readouts }] of members.entries()) {
        const own = await encode(encoders[m]!, series, (done) =>
          onProgress?.(m * series.length + done, total),
        );
        features ??= own;
        byMember.push(readoutPredictions(own, readouts, target));
      }
      const present = (predictions: (typeof byMember)[number]) =>
        [predictions.head, predictions.ridge].filter((one) => one !== undefined);
      const over = (readout: 'head' | 'ridge') => {
        const all = byMember.map((predictions) => predictions[readout]).filter((one) => one !== undefined);
        return all.length === 0 ? {} : { [readout]: meanPrediction(all) };
      };
      const each = byMember.map((predictions) => meanPrediction(present(predictions)));
      return {
        ensemble: meanPrediction(each),
        members: each,
        readouts: { ...over('head'), ...over('ridge') },
        features: features!,
      };
    },
    embed: async (set) => encode(encoders[0]!, prepared(set)),
    dispose,
  };
}
