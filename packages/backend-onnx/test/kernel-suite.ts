import { type Backend, type BackendAdapter, type Signature, type Step, tfjsCpu } from '@patchbert/backend';
import type { HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KernelCase, kernelCases } from './kernel-cases.ts';

/** WebGPU promises sines and cosines to this only (WGSL, "Floating point accuracy"). */
export const WEBGPU_TRIGONOMETRY = 2 ** -11;

/** Compares every traced kernel but those it does without, forward and gradient, with tfjs' own; sines and cosines within `trigonometry`. */
export function describeKernels(
  adapter: BackendAdapter,
  {
    trigonometry = 2e-6,
    without = [],
  }: { readonly trigonometry?: number; readonly without?: readonly string[] } = {},
): void {
  describe(`${adapter.name}: every traced kernel computes what tfjs computes`, () => {
    let tested: Backend;
    let reference: Backend;
    beforeAll(async () => {
      tested = await adapter.create({ threads: 1 });
      reference = await tfjsCpu.create();
    });
    afterAll(async () => {
      await tested.dispose();
      await reference.dispose();
    });

    it.each(
      kernelCases
        .filter(({ kernel }) => !without.includes(kernel))
        .map(
          (kernelCase) => [`${kernelCase.kernel} ${JSON.stringify(kernelCase.shapes)}`, kernelCase] as const,
        ),
    )('%s', async (_, kernelCase) => {
      const signature = signatureOf(kernelCase);
      const batch = inputsOf(kernelCase);
      const [program, expectedProgram] = await Promise.all(
        [tested, reference].map((backend) => backend.compile(stepOf(kernelCase), signature)),
      );
      const outputs = await program!.run(batch);
      const expected = await expectedProgram!.run(batch);
      const absolute = /^(Sin|Cos)$/.test(kernelCase.kernel) ? trigonometry : 2e-6;
      expect(Object.keys(outputs).sort()).toEqual(Object.keys(expected).sort());
      for (const [name, { shape, data }] of Object.entries(expected)) {
        expect(outputs[name]!.shape).toEqual(shape);
        data.forEach((value, index) => {
          expect(Math.abs(outputs[name]!.data[index]! - value), `${name}[${index}]`).toBeLessThanOrEqual(
            absolute + 2e-5 * Math.abs(value),
          );
        });
      }
      program!.dispose();
      expectedProgram!.dispose();
    });
  });
}

/** Forward value, and the gradients of a weighted sum of it (so that no gradient is constant). */
function stepOf({ compute, gradient, shapes }: KernelCase): Step {
  return (_, batch) => {
    const inputs = shapes.map((__, index) => batch[`x${index}`]!);
    const outputs: Record<string, tf.Tensor> = { value: compute(...inputs) };
    if (gradient !== false) {
      const weighted = (...x: tf.Tensor[]) => {
        const y = compute(...x);
        return tf.sum(tf.mul(y, tf.add(tf.square(y), 0.5))) as tf.Scalar;
      };
      tf.grads(weighted)(inputs).forEach((slope, index) => {
        outputs[`gradient${index}`] = slope;
      });
    }
    return { state: {}, outputs };
  };
}

function signatureOf({ shapes }: KernelCase): Signature {
  const specs = shapes.map((shape, index) => [`x${index}`, { shape, dtype: 'float32' as const }]);
  return { state: {}, batch: Object.fromEntries(specs) };
}

function inputsOf({ shapes, positive }: KernelCase): HostTensors {
  let state = 7;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const tensors = shapes.map((shape, index) => {
    const size = shape.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: size }, () => (positive ? 0.2 + next() : 2 * next() - 1));
    return [`x${index}`, { dtype: 'float32' as const, shape, data }];
  });
  return Object.fromEntries(tensors);
}
