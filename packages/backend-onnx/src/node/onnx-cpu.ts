import { defineBackend } from '@patchbert/backend';
import { allForms } from '@patchbert/onnx';
import { describeThreads } from '../describe-threads.ts';
import { descriptions } from '../descriptions.ts';
import { createOnnxBackend } from '../session/onnx-backend.ts';
import { plainReason } from '../session/plain-reason.ts';
import { loadOnnxruntime } from './load-onnxruntime.ts';
import { physicalCores } from './physical-cores.ts';

/**
 * ONNX Runtime on the CPU: traces a step once, with its gradients and its optimiser, and runs it as one ONNX model at
 * native speed. The default backend in Node.
 *
 * @example
 * const backend = await onnxCpu.create({ threads: 2 });
 */
export const onnxCpu = defineBackend({
  name: 'onnx-cpu',
  description: descriptions['onnx-cpu'],
  async isAvailable() {
    try {
      await loadOnnxruntime();
      return { available: true };
    } catch (error) {
      const reason = `onnxruntime-node does not load on this platform (${plainReason(error)})`;
      return { available: false, reason };
    }
  },
  async start({ threads = physicalCores() }) {
    const { Tensor, InferenceSession, env } = await loadOnnxruntime();
    const engine = `ONNX Runtime ${env.versions.node ?? ''}, cpu, ${describeThreads(threads)}`;
    return createOnnxBackend({
      name: 'onnx-cpu',
      capabilities: { trains: true, precision: 'float32', engine },
      forms: allForms,
      statePlace: 'preallocated',
      runtime: {
        Tensor,
        createSession: (model) =>
          InferenceSession.create(model, {
            executionProviders: ['cpu'],
            graphOptimizationLevel: 'all',
            ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
          }),
      },
    });
  },
});
