import { PatchBertError } from '@patchbert/errors';
import {
  elementCount,
  float32Tensor,
  type HostTensor,
  type HostTensors,
  sincosPositions,
  type TensorSpec,
} from '@patchbert/ops';
import { deriveKey, normals, type RandomKey, uniforms } from '@patchbert/random';
import { MOST_PARAMETERS } from '../config/encoder-config.ts';
import type { MaskedAutoencoderConfig } from '../config/masked-autoencoder-config.ts';
import { parameterSpecs, sumOfElements } from './parameter-specs.ts';

/** Deviation of mask and class tokens at the start (BERT, Devlin et al. 2019). */
const TOKEN_DEVIATION = 0.02;
/** Share of the Xavier range for the last projection of attention and feed-forward. */
const BRANCH_SCALE = 0.3;

/**
 * Start values of every parameter of `parameterSpecs`: Xavier-uniform linear weights (Glorot and Bengio 2010), zero biases
 * and norm offsets, norm scales 1, mask and class tokens from N(0, 0.02). Each tensor is drawn from its own name, so adding a
 * layer leaves the others as they were.
 *
 * Learned positions start as sines and cosines (Vaswani et al. 2017). Differs from PatchTST, which starts them near zero:
 * attention must then invent positions first, and the loss stays on a plateau for hundreds of steps.
 *
 * The two projections that end a residual branch start smaller by `BRANCH_SCALE`, in the spirit of GPT-2 (Radford et al.
 * 2019).
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
  requireModestSize(specs, 'initialiseParameters');
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => [name, initialiseTensor(name, spec, deriveKey(key, name))]),
  );
}

/** Refuses to allocate more than `MOST_PARAMETERS`. */
export function requireModestSize(specs: Readonly<Record<string, TensorSpec>>, where: string): void {
  const count = sumOfElements(specs);
  if (count <= MOST_PARAMETERS) return;
  throw new PatchBertError(
    'encoder/too-many-parameters',
    `${where}: the model has ${count} parameters, at most ${MOST_PARAMETERS} are supported. Lower its widths.`,
  );
}

function initialiseTensor(name: string, { shape }: TensorSpec, key: RandomKey): HostTensor {
  const count = elementCount(shape);
  const kind = name.slice(name.lastIndexOf('.') + 1);
  switch (kind) {
    case 'weight': {
      const [outputs, inputs] = shape as [number, number];
      const endsBranch =
        name.endsWith('.attention.output.weight') || name.endsWith('.feedForward.contract.weight');
      const limit = Math.sqrt(6 / (inputs + outputs)) * (endsBranch ? BRANCH_SCALE : 1);
      return float32Tensor(
        Float32Array.from(uniforms(key, count), (u) => limit * (2 * u - 1)),
        shape,
      );
    }
    case 'position':
      return float32Tensor(sinesAndCosines(shape as [number, number]), shape);
    case 'maskToken':
    case 'classToken':
      return float32Tensor(
        Float32Array.from(normals(key, count), (z) => TOKEN_DEVIATION * z),
        shape,
      );
    case 'scale':
      return float32Tensor(new Float32Array(count).fill(1), shape);
    default:
      return float32Tensor(new Float32Array(count), shape);
  }
}

/** The table of sines and cosines; a model of odd width leaves the last cosine out. */
function sinesAndCosines([rows, width]: readonly [number, number]): Float32Array {
  const evenWidth = width + (width % 2);
  const table = sincosPositions(rows, evenWidth, { normalised: false });
  return Float32Array.from(
    { length: rows * width },
    (_, i) => table[Math.floor(i / width) * evenWidth + (i % width)]!,
  );
}
