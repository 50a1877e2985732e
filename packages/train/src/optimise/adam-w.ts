import { addDecayedWeights, type DecayOptions } from './add-decayed-weights.ts';
import { clipByGlobalNorm } from './clip-by-global-norm.ts';
import { chain, type GradientTransform } from './gradient-transform.ts';
import { type AdamOptions, scaleByAdam } from './scale-by-adam.ts';
import { scaleByLearningRate } from './scale-by-learning-rate.ts';
import { scaleByParameter } from './scale-by-parameter.ts';

export interface AdamWOptions extends AdamOptions {
  /** Decoupled weight decay. Default 0.01. */
  readonly weightDecay?: number;
  /** Which parameters decay. Default `decaysWeight`. */
  readonly mask?: DecayOptions['mask'];
  /** Largest global gradient norm. Default: no clipping. */
  readonly clipNorm?: number;
  /** Learning rate of a parameter as a multiple of the step's, such as `layerwiseRates`. Default: 1 for all. */
  readonly rates?: (name: string) => number;
}

/**
 * AdamW as a chain: clip, Adam, decoupled decay, rates by parameter, learning rate. Equals `torch.optim.AdamW`:
 * `p -= rate * (m^ / (sqrt(v^) + epsilon) + weightDecay * p)`.
 *
 * @example
 * const optimiser = adamW({ beta2: 0.98, weightDecay: 0.01, clipNorm: 1 });
 */
export function adamW(options: AdamWOptions = {}): GradientTransform {
  const { weightDecay = 0.01, mask, clipNorm, rates, ...adam } = options;
  return chain(
    ...(clipNorm === undefined ? [] : [clipByGlobalNorm(clipNorm)]),
    scaleByAdam(adam),
    addDecayedWeights({ rate: weightDecay, ...(mask && { mask }) }),
    ...(rates === undefined ? [] : [scaleByParameter(rates)]),
    scaleByLearningRate(),
  );
}
