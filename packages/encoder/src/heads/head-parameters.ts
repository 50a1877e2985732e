import { float32Tensor, type HostTensors, type TensorSpec } from '@patchbert/ops';
import { deriveKey, type RandomKey, uniforms } from '@patchbert/random';
import type { EncoderConfig } from '../config/encoder-config.ts';
import { requireModestSize } from '../initialise/initialise-masked-autoencoder.ts';
import { type ForecastHeadConfig, middleLevelIndex } from './forecast-head-config.ts';

type Specs = Readonly<Record<string, TensorSpec>>;

/** Share of 1 / sqrt(inputs) that weights start within: forecasts begin near the mean of their window. */
const START_SCALE = 0.1;

/** Numbers per series that the head makes of the tokens, F: N*D for `flatten`, D for `pooled`. */
export function headFeatureWidth(
  { kind }: Pick<ForecastHeadConfig, 'kind'>,
  { patchCount, width }: Pick<EncoderConfig, 'patchCount' | 'width'>,
): number {
  return kind === 'flatten' ? patchCount * width : width;
}

/**
 * Names and shapes of a head's parameters: `head.weight` `[H*Q, F+E]` and `head.bias` `[H*Q]`, with a leading axis of
 * channels when each has its own. Output `h*Q + q` is level `q` of step `h`.
 *
 * @example
 * headParameterSpecs(head, encoder)['head.weight'].shape; // [96, 2688]
 */
export function headParameterSpecs(config: ForecastHeadConfig, encoder: EncoderConfig): Specs {
  const outputs = config.horizon * (config.quantileLevels?.length ?? 1);
  const inputs = headFeatureWidth(config, encoder) + config.exogenousWidth;
  const channels = config.channels === 'shared' ? [] : [config.channels];
  return {
    'head.weight': { shape: [...channels, outputs, inputs], dtype: 'float32' },
    'head.bias': { shape: [...channels, outputs], dtype: 'float32' },
  };
}

/**
 * Start values of `headParameterSpecs`: weights uniform within a tenth of `1 / sqrt(inputs)`, so that a new head forecasts
 * about the mean of the window and the encoder gets a gradient at once. Biases are 0; those of a quantile head put the
 * levels where a logistic distribution of the window's mean and deviation has them.
 *
 * @throws PatchBertError `encoder/too-many-parameters` above 10^9.
 * @example
 * const parameters = { ...encoderParameters, ...initialiseHead(head, encoder, deriveKey(randomKey(0), 'head')) };
 */
export function initialiseHead(
  config: ForecastHeadConfig,
  encoder: EncoderConfig,
  key: RandomKey,
): HostTensors {
  const specs = headParameterSpecs(config, encoder);
  requireModestSize(specs, 'initialiseHead');
  const { 'head.weight': weight, 'head.bias': bias } = specs;
  const inputs = weight!.shape.at(-1)!;
  const limit = START_SCALE / Math.sqrt(inputs);
  const start = startOfLevels(config.quantileLevels ?? [0.5]);
  const size = (spec: TensorSpec) => spec.shape.reduce((product, length) => product * length, 1);
  return {
    'head.weight': float32Tensor(
      Float32Array.from(uniforms(deriveKey(key, 'head.weight'), size(weight!)), (u) => limit * (2 * u - 1)),
      weight!.shape,
    ),
    'head.bias': float32Tensor(
      Float32Array.from({ length: size(bias!) }, (_, index) => start[index % start.length]!),
      bias!.shape,
    ),
  };
}

/** Biases by level: the quantile itself at the middle level, elsewhere what `softplus` turns into the step to it. */
function startOfLevels(levels: readonly number[]): number[] {
  const quantiles = levels.map((level) => (Math.sqrt(3) / Math.PI) * Math.log(level / (1 - level)));
  const middle = middleLevelIndex(levels);
  return quantiles.map((quantile, index) => {
    if (index === middle) return quantile;
    const step = Math.abs(quantile - quantiles[index < middle ? index + 1 : index - 1]!);
    return Math.log(Math.expm1(step));
  });
}
