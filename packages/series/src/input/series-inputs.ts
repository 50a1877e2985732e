import { longestSeries, type SeriesSet } from '@patchbert/data';
import { z } from 'zod';
import { chooseSeriesModel, type SeriesModelChoices } from '../config/choose-series-model.ts';
import { seriesModelSchema } from '../config/series-model.ts';
import { differenceScaleOf } from './cut-patches.ts';
import { prepareSeries } from './prepare-series.ts';
import { fitSeriesScaler, seriesScalerSchema } from './series-scaler.ts';

/** How series become an encoder's inputs; plain JSON. Everything fitted was fitted on the training series alone. */
export const seriesInputsSchema = z.strictObject({
  /** Names of the channels, in order. */
  channels: z.array(z.string()).min(1),
  model: seriesModelSchema,
  scaler: seriesScalerSchema,
  /** Root mean square of the differences between neighbouring points. */
  differenceScale: z.number().gt(0),
});

export type SeriesInputs = Readonly<z.output<typeof seriesInputsSchema>>;

/**
 * Inputs for a set of training series: the model by rule (`chooseSeriesModel`), the scaling fitted.
 *
 * @throws PatchBertError `series/nothing-to-fit`, `config/invalid`.
 * @example
 * const inputs = fitSeriesInputs(train);
 */
export function fitSeriesInputs(train: SeriesSet, choices: SeriesModelChoices = {}): SeriesInputs {
  const { channels } = train;
  const model = chooseSeriesModel({ longest: longestSeries(train), channels: channels.length }, choices);
  const scaler = fitSeriesScaler(train);
  const differenceScale = differenceScaleOf(prepareSeries(train, model, scaler));
  return { channels: [...channels], model, scaler, differenceScale };
}

/** Channels that are encoded one by one and make up one series together: 1 when they are mixed. */
export function channelGroups({ model, channels }: Pick<SeriesInputs, 'model' | 'channels'>): number {
  return model.channels === 'mixed' ? 1 : channels.length;
}
