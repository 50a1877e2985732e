import {
  createPreset,
  type EncoderConfig,
  encoderParameterSpecs,
  initialiseParameters,
} from '@patchbert/encoder';
import { type HostTensors, patchLayout } from '@patchbert/ops';
import { deriveKey, randomKey } from '@patchbert/random';
import type { ForecastConfig } from '../config/forecast-config.ts';
import type { SourceEncoder } from './source-encoder.ts';

/** Points of one patch of an encoder that was never pretrained. */
const PATCH_LENGTH = 12;

/** An encoder with random weights: what training from scratch starts from, and a control for pretraining. */
export function randomEncoder({ contextLength = 512, seed }: ForecastConfig): SourceEncoder {
  const layout = patchLayout({ contextLength, patchLength: Math.min(PATCH_LENGTH, contextLength) });
  const { encoder } = createPreset('small', {
    patchLength: layout.patchLength,
    patchCount: layout.patchCount,
  });
  return {
    encoder: { config: encoder, layout, outlierLimit: 10 },
    parameters: randomParameters(encoder, seed),
    origin: {
      checkpoint: 'random weights',
      contextLength,
      loaded: [],
      resized: [],
      unused: [],
    },
  };
}

/** Weights of an encoder before any training, a function of the seed. */
export function randomParameters(encoder: EncoderConfig, seed: number): HostTensors {
  return initialiseParameters(encoderParameterSpecs(encoder), deriveKey(randomKey(seed), 'random encoder'));
}
