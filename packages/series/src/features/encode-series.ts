import type { SeriesPoints } from '@patchbert/augment';
import type { Backend } from '@patchbert/backend';
import { encodeLevels, encoderParameterSpecs } from '@patchbert/encoder';
import type { HostTensors } from '@patchbert/ops';
import { signatureOf } from '@patchbert/train';
import { tokenCount } from '../config/series-model.ts';
import { cutPatches } from '../input/cut-patches.ts';
import { encoderOf } from '../input/encoder-of.ts';
import { channelGroups, emptySeries, type SeriesInputs } from '../input/series-inputs.ts';
import { everyPlace } from '../input/token-places.ts';
import { seriesEncoderInput } from '../objectives/series-encoder-input.ts';
import { type FeatureConfig, featureWidth, poolingSpecs, seriesFeatures } from './series-features.ts';

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
  const { backend, inputs, features, batchSize = 32 } = options;
  const config = encoderOf(inputs);
  const groups = channelGroups(inputs);
  const width = featureWidth(features, config, groups);
  const parameters = Object.fromEntries(
    Object.keys({ ...encoderParameterSpecs(config), ...poolingSpecs(features, config) }).map((name) => [
      name,
      options.parameters[name]!,
    ]),
  );
  const places = everyPlace(tokenCount(inputs.model));
  const cut = (series: readonly SeriesPoints[]) => ({ patches: cutPatches(series, inputs, places) });
  const empty = emptySeries(inputs);
  const padded = (series: readonly SeriesPoints[]) => [
    ...series,
    ...Array.from({ length: batchSize - series.length }, () => empty),
  ];
  const program = await backend.compile(
    (state, batch) => ({
      state: {},
      outputs: {
        features: seriesFeatures(encodeLevels(state, config, seriesEncoderInput(batch)), features, {
          encoder: config,
          parameters: state,
          channels: groups,
        }),
      },
    }),
    signatureOf(parameters, cut(padded([]))),
  );
  await program.writeState(parameters);
  return {
    width,
    encode: async (series, onProgress) => {
      const rows = new Float32Array(series.length * width);
      for (let start = 0; start < series.length; start += batchSize) {
        const batch = series.slice(start, start + batchSize);
        const { features: vectors } = await program.run(cut(padded(batch)));
        rows.set((vectors!.data as Float32Array).subarray(0, batch.length * width), start * width);
        onProgress?.(start + batch.length);
      }
      return rows;
    },
    dispose: () => program.dispose(),
  };
}
