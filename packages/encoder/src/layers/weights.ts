import { PatchBertError } from '@patchbert/errors';
import type { Tensors } from '@patchbert/ops';
import type * as tf from '@tensorflow/tfjs-core';

/** Finds a tensor by its name below some prefix. A layer is given the weights below its own name and knows no other. */
export type Weights = <T extends tf.Tensor>(name: string) => T;

/** @throws PatchBertError `encoder/missing-tensor`, on look-up, with the full name. */
export function weightsBelow(tensors: Tensors, prefix: string): Weights {
  return <T extends tf.Tensor>(name: string) => {
    const tensor = tensors[`${prefix}.${name}`];
    if (tensor !== undefined) return tensor as T;
    throw new PatchBertError(
      'encoder/missing-tensor',
      `weightsBelow: there is no tensor "${prefix}.${name}". Pass every tensor that parameterSpecs and dropoutMaskSpecs list ` +
        'for this configuration.',
    );
  };
}

/** The weights one level down: `within(weights, 'attention')('query.weight')`. */
export function within(weights: Weights, prefix: string): Weights {
  return (name) => weights(`${prefix}.${name}`);
}
