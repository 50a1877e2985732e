import type { SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import { encoderParameterSpecs } from '@patchbert/encoder';
import type { HostTensors } from '@patchbert/ops';
import { encoderOf } from '../input/encoder-of.ts';
import { channelGroups, type SeriesInputs } from '../input/series-inputs.ts';
import { type FeatureConfig, featureWidth, poolingSpecs, seriesFeatures } from './series-features.ts';
import { openSeriesProgram } from './series-program.ts';

/** Turns series into vectors; one compiled program. */
export interface SeriesEncoder {
  readonly width: number;
  /** `[series, width]`, row by row. A series' vector is the same in any batch. */
  encode(series: readonly SeriesPoints[], onProgress?: (done: number) => void): Promise<Float32Array>;
  dispose(): void;
}

export interface SeriesEncoderOptions {
  readonly backend: Backend;
  readonly inputs: SeriesInputs;
  readonly features: FeatureConfig;
  /** Those of the encoder are read. */
  readonly parameters: HostTensors;
  /** Series of one run of the device. Default 32. */
  readonly batchSize?: number;
}

/**
 * Compiles the encoder for reading: every token of every series, no dropout.
 *
 * @example
 * const encoder = await openSeriesEncoder({ backend, inputs, features, parameters });
 */
export async function openSeriesEncoder(options: SeriesEncoderOptions): Promise<SeriesEncoder> {
  const { backend, inputs, features, batchSize } = options;
  const config = encoderOf(inputs);
  const groups = channelGroups(inputs);
  const parameters = Object.fromEntries(
    Object.keys({ ...encoderParameterSpecs(config), ...poolingSpecs(features, config) }).map((name) => [
      name,
      options.parameters[name]!,
    ]),
  );
  const { run, dispose } = await openSeriesProgram({
    backend,
    inputs,
    parameters,
    batchSize,
    read: (encoded, state) =>
      seriesFeatures(encoded, features, { encoder: config, parameters: state, channels: groups }),
  });
  return { width: featureWidth(features, config, groups), encode: run, dispose };
}
