import { type Backend, defineBackend, ensureGradients, type Program } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type * as ort from 'onnxruntime-common';
import { loadOnnxruntime } from './load-onnxruntime.ts';
import { physicalCores } from './physical-cores.ts';
import { createOnnxProgram, type OnnxRuntime } from './session/onnx-program.ts';

/**
 * ONNX Runtime on the CPU: traces a step once, with its gradients and its optimiser, and runs it as one ONNX model at
 * native speed. The default backend in Node.
 *
 * @example
 * const backend = await onnxCpu.create({ threads: 2 });
 */
export const onnxCpu = defineBackend({
  name: 'onnx-cpu',
  description: 'ONNX Runtime on the processor, native, in Node',
  async isAvailable() {
    try {
      await loadOnnxruntime();
      return { available: true };
    } catch (error) {
      const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
      return { available: false, reason: `onnxruntime-node does not load on this platform (${reason})` };
    }
  },
  start: async ({ threads }) => createOnnxBackend(threads),
});

async function createOnnxBackend(requested: number | undefined): Promise<Omit<Backend, 'name'>> {
  const threads = requested ?? physicalCores();
  await ensureGradients();
  const runtime = await loadOnnxruntime();
  const programs = new Set<Program>();
  let disposed = false;
  const onnxRuntime: OnnxRuntime = {
    Tensor: runtime.Tensor,
    createSession: (model) => runtime.InferenceSession.create(model, sessionOptions(threads)),
  };
  return {
    capabilities: {
      trains: true,
      precision: 'float32',
      engine: `ONNX Runtime ${runtime.env.versions.node ?? ''}, cpu, ${describeThreads(threads)}`,
    },
    async compile(step, signature) {
      if (disposed) throw new PatchBertError('backend/disposed', 'onnx-cpu: compile after dispose.');
      const program = await createOnnxProgram(step, signature, onnxRuntime, () => programs.delete(program));
      programs.add(program);
      return program;
    },
    async dispose() {
      disposed = true;
      for (const program of programs) program.dispose();
    },
  };
}

function describeThreads(threads: number | undefined): string {
  if (threads === undefined) return 'a thread per core';
  return threads === 1 ? '1 thread' : `${threads} threads`;
}

function sessionOptions(threads: number | undefined): ort.InferenceSession.SessionOptions {
  return {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
  };
}
