import type { Step } from '@patchbert/backend';
import { forecastHead } from '@patchbert/encoder';
import { linear, type Tensors } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';
import { contextFeatures, encodeContext } from '../closed-form/features.ts';
import type { HorizonModel } from './horizon-model.ts';

/**
 * Normalised contexts to normalised forecasts: outputs `network` `[S, H]` (`[S, H, Q]` with a quantile head) and `linear`
 * `[S, H]`, each when the model has that part. The state is the model's parameters, `modelState`.
 */
export function forecastStep({ network, linear: linearPart }: HorizonModel): Step {
  return (state, batch) => {
    const outputs: Record<string, tf.Tensor> = {};
    if (network) {
      const tokens = encodeContext(network.encoder, state, batch); // [S, L] -> [S, N, D]
      outputs.network = forecastHead(state, network.head, tokens, headInput(batch));
    }
    if (linearPart) {
      const features = contextFeatures(state, batch); // [S, L + E]
      outputs.linear = linear(
        features,
        state['linear.weight'] as tf.Tensor2D,
        state['linear.bias'] as tf.Tensor1D,
      ); // [S, H]
    }
    return { state: {}, outputs };
  };
}

function headInput({ exogenous, channel }: Tensors) {
  return {
    ...(exogenous && { exogenous: exogenous as tf.Tensor2D }),
    ...(channel && { channel: channel as tf.Tensor1D }),
  };
}

/** The parameters of a model under the names that `forecastStep` reads. */
export function modelState({ network, linear: linearPart }: HorizonModel) {
  return {
    ...network?.parameters,
    ...(linearPart && { 'linear.weight': linearPart.weight, 'linear.bias': linearPart.bias }),
  };
}
