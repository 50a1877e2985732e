import type { Step } from '@patchbert/backend';
import type * as tf from '@tensorflow/tfjs-core';
import type { PatchTSTConfig } from '../config/patchtst-config.ts';
import { hiddenStatesOf, predictPatchTST } from '../model/forward.ts';

/**
 * What the head says, as a step for any backend to compile: `prediction` of a batch of `prepareSeries`. Forecasts are in the series' own
 * units.
 *
 * @example
 * const program = await backend.compile(predictionStep(config), signatureOf(parameters, batch));
 */
export function predictionStep(config: PatchTSTConfig): Step {
  return (state, batch) => {
    const { prediction } = predictPatchTST(state, config, batch);
    return { state: {}, outputs: prediction === undefined ? {} : { prediction } };
  };
}

/**
 * What the encoder has at each depth, as a step: `hiddenStates.0` (the embedded patches), `hiddenStates.1`, ... (input of each later
 * layer), and `lastHiddenState`, `[B, C, T, D]` each. The class token, where there is one, comes first.
 */
export function hiddenStatesStep(config: PatchTSTConfig): Step {
  return (state, batch) => {
    const { inputs, last } = hiddenStatesOf(state, config, batch.patches as tf.Tensor4D);
    const named = Object.fromEntries(inputs.map((tensor, layer) => [`hiddenStates.${layer}`, tensor]));
    return { state: {}, outputs: { ...named, lastHiddenState: last } };
  };
}
