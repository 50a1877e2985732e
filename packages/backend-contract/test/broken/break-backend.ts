import {
  type Backend,
  type BackendAdapter,
  createEagerBackend,
  type Program,
  tfjsCpu,
} from '@patchbert/backend';
import type { HostTensor, HostTensors } from '@patchbert/ops';
import * as tf from '@tensorflow/tfjs-core';

/** tfjs-cpu of which something is changed. */
export function withBackends(change: (backend: Backend) => Partial<Backend>): BackendAdapter {
  return {
    ...tfjsCpu,
    async create(options) {
      const backend = await tfjsCpu.create(options);
      return { ...backend, ...change(backend) };
    },
  };
}

/** tfjs-cpu with programs of which something is changed. */
export function withPrograms(change: (program: Program) => Partial<Program>): BackendAdapter {
  return withBackends((backend) => ({
    async compile(step, signature) {
      const program = await backend.compile(step, signature);
      return { ...program, ...change(program) };
    },
  }));
}

/** tfjs' cpu engine under another name, with kernels of its own. */
export function withKernels(tfjsBackend: string, register: () => void): BackendAdapter {
  return {
    ...tfjsCpu,
    async create(options) {
      const { capabilities, name } = await tfjsCpu.create(options);
      if (tf.findBackendFactory(tfjsBackend) === null) {
        tf.copyRegisteredKernels('cpu', tfjsBackend);
        tf.registerBackend(tfjsBackend, tf.findBackendFactory('cpu'), 0);
        register();
      }
      return createEagerBackend({ name, tfjsBackend, capabilities });
    },
  };
}

/** Puts a kernel in the place of an engine's own, if it has one. */
export function replaceKernel(kernelName: string, backendName: string, kernelFunc: tf.KernelFunc): void {
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({ kernelName, backendName, kernelFunc });
}

/** The array in which tfjs' cpu engine keeps a tensor. */
export function valuesOf(engine: unknown, { dataId }: tf.TensorInfo): Float32Array {
  return (engine as { data: { get(id: object): { values: Float32Array } } }).data.get(dataId).values;
}

/** Every float changed. */
export function mapNumbers(tensors: HostTensors, change: (value: number) => number): HostTensors {
  const changed = ({ data, shape, dtype }: HostTensor): HostTensor =>
    dtype === 'int32' ? { data, shape, dtype } : { data: Float32Array.from(data, change), shape, dtype };
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, changed(tensor)]));
}

/** To the 11 bits of half precision; what is too large becomes infinite. */
export function roundToHalf(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14);
  const unit = 2 ** (exponent - 10);
  const rounded = Math.round(value / unit) * unit;
  return Math.abs(rounded) > 65504 ? Math.sign(value) * Number.POSITIVE_INFINITY : rounded;
}
