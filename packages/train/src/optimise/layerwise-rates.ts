import { PatchBertError } from '@patchbert/errors';

export interface LayerwiseRatesOptions {
  /** Layers of the encoder. */
  readonly layers: number;
  /** Rate of a layer as a share of the one above, 0 < decay <= 1; 1 gives the whole encoder one rate. */
  readonly decay: number;
  /** Rate of the encoder's last layer and final norm. */
  readonly encoder: number;
  /** Rate of everything that is not the encoder. */
  readonly head: number;
}

/**
 * A rate by parameter name that falls towards the input (ULMFiT, Howard and Ruder 2018; ELECTRA, Clark et al. 2020): layer
 * `i` of `L` gets `encoder * decay^(L - 1 - i)`, embedding, positions and mask token `encoder * decay^L`. What lies near the
 * data is general and should move least.
 *
 * @throws PatchBertError `train/bad-optimiser` for options out of range.
 * @example
 * scaleByParameter(layerwiseRates({ layers: 3, decay: 0.6, encoder: 0.3, head: 1 }));
 */
export function layerwiseRates(options: LayerwiseRatesOptions): (name: string) => number {
  const { layers, decay, encoder, head } = options;
  if (!(decay > 0 && decay <= 1)) throw badOption('decay', decay, '0 < number <= 1');
  if (!(Number.isSafeInteger(layers) && layers >= 1))
    throw badOption('layers', layers, 'a whole number >= 1');
  for (const [name, rate] of Object.entries({ encoder, head })) {
    if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) throw badOption(name, rate, 'a number above 0');
  }
  return (name) => {
    if (!name.startsWith('encoder.')) return head;
    return encoder * decay ** depthBelowTop(name, layers);
  };
}

/** 0 for the last layer and the final norm, `layers` for what comes before the first layer. */
function depthBelowTop(name: string, layers: number): number {
  const layer = /^encoder\.layers\.(\d+)\./.exec(name)?.[1];
  if (layer !== undefined) return layers - 1 - Number(layer);
  return name.startsWith('encoder.norm.') ? 0 : layers;
}

function badOption(name: string, value: number, expected: string): PatchBertError {
  return new PatchBertError(
    'train/bad-optimiser',
    `layerwiseRates: ${name} is ${value}; expected ${expected}.`,
  );
}
