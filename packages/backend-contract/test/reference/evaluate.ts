import type { Backend, BackendAdapter, Signature, Step } from '@patchbert/backend';
import { float64Reference } from '@patchbert/backend-contract';
import { float32Tensor, type HostTensors, type Tensors } from '@patchbert/ops';
import { deriveKey, randomKey, uniforms } from '@patchbert/random';
import { signatureOf } from '@patchbert/train/step';

/** The outputs of a function of tensors, computed by a backend; the float64 reference when none is given. */
export async function evaluate(
  compute: (inputs: Tensors) => Tensors,
  inputs: HostTensors,
  adapter: BackendAdapter = float64Reference,
): Promise<HostTensors> {
  const backend = await adapter.create();
  try {
    return await evaluateOn(backend, (_, batch) => ({ state: {}, outputs: compute(batch) }), inputs);
  } finally {
    await backend.dispose();
  }
}

async function evaluateOn(backend: Backend, step: Step, batch: HostTensors): Promise<HostTensors> {
  const signature: Signature = signatureOf({}, batch);
  const program = await backend.compile(step, signature);
  return program.run(batch);
}

/** Numbers in [from, to), the same for the same name. */
export function drawn(name: string, shape: readonly number[], from = -2, to = 2) {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = uniforms(deriveKey(randomKey(17), name), count);
  return float32Tensor(
    Float32Array.from(values, (u) => from + u * (to - from)),
    shape,
  );
}
