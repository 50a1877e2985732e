import { PatchBertError } from '@patchbert/errors';
import {
  elementCount,
  float32Tensor,
  type HostTensor,
  type HostTensors,
  type TensorSpec,
} from '@patchbert/ops';
import { deriveKey, normals, type RandomKey, uniforms } from '@patchbert/random';
import type { MaskedAutoencoderConfig } from '../config/masked-autoencoder-config.ts';
import { parameterSpecs, sumOfElements } from './parameter-specs.ts';

/** Deviation of learned positions and mask tokens at the start (BERT, Devlin et al. 2019). */
const EMBEDDING_DEVIATION = 0.02;
/** 4 GB of weights; more is a typing error in a width. */
const MOST_PARAMETERS = 1e9;

/**
 * Start values of every parameter of `parameterSpecs`: Xavier-uniform linear weights (Glorot and Bengio 2010), zero biases
 * and norm offsets, norm scales 1, positions and mask tokens from N(0, 0.02). Each tensor is drawn from its own name, so
 * adding a layer leaves the others as they were.
 *
 * @throws PatchBertError `encoder/too-many-parameters` above 10^9.
 * @example
 * const parameters = initialiseMaskedAutoencoder(config, deriveKey(randomKey(0), 'weights'));
 */
export function initialiseMaskedAutoencoder(config: MaskedAutoencoderConfig, key: RandomKey): HostTensors {
  return initialiseParameters(parameterSpecs(config), key);
}

/** Start values for any of this package's parameters, by name and shape; see `initialiseMaskedAutoencoder`. */
export function initialiseParameters(
  specs: Readonly<Record<string, TensorSpec>>,
  key: RandomKey,
): HostTensors {
  const count = sumOfElements(specs);
  if (count > MOST_PARAMETERS) {
    throw new PatchBertError(
      'encoder/too-many-parameters',
      `initialiseParameters: the model has ${count} parameters, at most ${MOST_PARAMETERS} are supported. Lower its widths.`,
    );
  }
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, initialiseTensor(name, spec, deriveKey(key, name))]),
  );
}

function initialiseTensor(name: string, { shape }: TensorSpec, key: RandomKey): HostTensor {
  const count = elementCount(shape);
  const kind = name.slice(name.lastIndexOf('.') + 1);
  switch (kind) {
    case 'weight': {
      const [outputs, inputs] = shape as [number, number];
      const limit = Math.sqrt(6 / (inputs + outputs));
      return float32Tensor(
        Float32Array.from(uniforms(key, count), (u) => limit * (2 * u - 1)),
        shape,
      );
    }
    case 'position':
    case 'maskToken':
      return float32Tensor(
        Float32Array.from(normals(key, count), (z) => EMBEDDING_DEVIATION * z),
        shape,
      );
    case 'scale':
      return float32Tensor(new Float32Array(count).fill(1), shape);
    default:
      return float32Tensor(new Float32Array(count), shape);
  }
}
