import { type EncoderConfig, encoderConfigSchema } from '@patchbert/encoder';
import { parseConfig } from '@patchbert/errors';
import { inputRows, tokenCount } from '../config/series-model.ts';
import type { SeriesInputs } from './series-inputs.ts';

/** The encoder that reads such inputs. */
export function encoderOf({ model, channels }: Pick<SeriesInputs, 'model' | 'channels'>): EncoderConfig {
  const { patchLength, width, layers, heads, feedForwardWidth, position, activation, classToken, dropout } =
    model;
  const config = {
    patchLength,
    patchCount: tokenCount(model),
    inputChannels: inputRows(model, channels.length),
    classToken,
    width,
    layers,
    heads,
    feedForwardWidth,
    position,
    activation,
    dropout,
  };
  return parseConfig(encoderConfigSchema, config, 'series model');
}
