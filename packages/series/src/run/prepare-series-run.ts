import type { SeriesPoints } from '@patchbert/augment';
import { createSeriesSet, longestSeries, type SeriesSet, selectSeries } from '@patchbert/data';
import type { EncoderConfig } from '@patchbert/encoder';
import { type RandomKey, randomKey } from '@patchbert/random';
import { chooseSeriesModel } from '../config/choose-series-model.ts';
import { encoderOf } from '../input/encoder-of.ts';
import { pretrainingPoints } from '../input/hide-cells.ts';
import { seriesFingerprint } from '../input/series-fingerprint.ts';
import { fitSeriesInputs, type SeriesInputs } from '../input/series-inputs.ts';
import { settlePretraining } from '../pretrain/series-pretraining-config.ts';
import { type HeldOutSeries, holdOutSeries } from './hold-out-series.ts';
import { type ScoredSeries, scoredSeries } from './scored-series.ts';
import type { SeriesRunChoices, SeriesRunConfig } from './series-run-config.ts';

/** Everything that follows from configuration and data, before anything is computed. */
export interface PreparedSeriesRun {
  /** With the model complete. */
  readonly config: SeriesRunConfig;
  readonly inputs: SeriesInputs;
  readonly encoder: EncoderConfig;
  readonly key: RandomKey;
  /** What is learned from. */
  readonly train: readonly SeriesPoints[];
  readonly split: HeldOutSeries;
  readonly scored: ScoredSeries;
  /** SHA-256 of channels and values; labels are not looked at. */
  readonly dataFingerprint: string;
}

/** Splits, scales and masks the series of a run. */
export function prepareSeriesRun(config: SeriesRunChoices, set: SeriesSet): PreparedSeriesRun {
  const { name, channels, series, origin } = set;
  const unlabelled = createSeriesSet({ name, channels, series, ...(origin && { origin }) });
  const key = randomKey(config.seed);
  const split = holdOutSeries(series.length, config, key);
  const longest = longestSeries(unlabelled);
  const train = selectSeries(unlabelled, [...split.train]);
  const model = chooseSeriesModel({ longest, channels: channels.length }, config.model);
  const inputs = fitSeriesInputs(train, model);
  const judges = split.heldOut.length > 0 ? split.heldOut : split.train;
  return {
    config: { ...config, model, pretraining: settlePretraining(config.pretraining, train.series.length) },
    inputs,
    encoder: encoderOf(inputs),
    key,
    train: pretrainingPoints(train, inputs),
    split,
    scored: scoredSeries({ set: unlabelled, judges, inputs, maskRatio: config.pretraining.maskRatio, key }),
    dataFingerprint: seriesFingerprint(unlabelled),
  };
}
