import type { Signature } from '@patchbert/backend';
import type { HostTensors, TensorSpec } from '@patchbert/ops';

/**
 * The signature of a step, read off tensors it will run with, so that it cannot disagree with them.
 *
 * @example
 * const program = await backend.compile(step, signatureOf(state, firstBatch));
 */
export function signatureOf(state: HostTensors, batch: HostTensors): Signature {
  return { state: specsOf(state), batch: specsOf(batch) };
}

function specsOf(tensors: HostTensors): Record<string, TensorSpec> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]),
  );
}
