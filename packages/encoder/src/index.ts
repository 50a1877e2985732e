export { createPreset, type PresetName, type PresetOptions, presetNames } from './config/create-preset.ts';
export {
  type DecoderConfig,
  decoderConfigSchema,
  type EncoderConfig,
  encoderConfigSchema,
  patchWidth,
  refuseTooManyParameters,
} from './config/encoder-config.ts';
export {
  encodedTokenCount,
  type MaskedAutoencoderConfig,
  maskedAutoencoderConfigSchema,
} from './config/masked-autoencoder-config.ts';
export { type StepFlops, stepFlops } from './cost/step-flops.ts';
export { type ForecastHeadInput, forecastHead } from './heads/forecast-head.ts';
export {
  type ForecastHeadConfig,
  forecastHeadConfigSchema,
  middleLevelIndex,
} from './heads/forecast-head-config.ts';
export { headFeatureWidth, headParameterSpecs, initialiseHead } from './heads/head-parameters.ts';
export {
  initialiseMaskedAutoencoder,
  initialiseParameters,
} from './initialise/initialise-masked-autoencoder.ts';
export { encoderParameterSpecs, parameterCount, parameterSpecs } from './initialise/parameter-specs.ts';
export { type AttentionOptions, selfAttention } from './layers/self-attention.ts';
export { type Weights, weightsBelow, within } from './layers/weights.ts';
export { drawDropoutMasks, dropoutMaskSpecs, headDropoutMaskSpecs } from './model/dropout-masks.ts';
export { type EncodedLevels, encodeLevels, encodePatches, patchTokens } from './model/encode-patches.ts';
export type { EncoderInput } from './model/encoder-input.ts';
export { reconstruct } from './model/reconstruct.ts';
