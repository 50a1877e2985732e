import { type Backend, ensureGradients, type Program, whileDeviceLives } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { OnnxEngine } from './onnx-engine.ts';
import { createOnnxProgram } from './onnx-program.ts';
import { deviceTransfer, hostTransfer } from './transfer.ts';

/** A backend on one execution provider of ONNX Runtime; the same in Node and in a page. */
export async function createOnnxBackend(engine: OnnxEngine): Promise<Omit<Backend, 'name'>> {
  await ensureGradients();
  const programs = new Set<Program>();
  const releases: Promise<void>[] = [];
  const onDevice = engine.statePlace === 'device' ? deviceTransfer(engine.runtime) : undefined;
  const transfer = onDevice ?? hostTransfer(engine.runtime);
  let disposed = false;
  return {
    capabilities: engine.capabilities,
    async compile(step, signature) {
      if (disposed) {
        throw new PatchBertError('backend/disposed', `${engine.name}: compile after dispose.`);
      }
      const program = await whileDeviceLives(engine, 'compile', () =>
        createOnnxProgram(step, signature, engine, transfer, (released) => {
          programs.delete(program);
          releases.push(released);
        }),
      );
      programs.add(program);
      return program;
    },
    async dispose() {
      if (disposed) return;
      disposed = true;
      for (const program of programs) program.dispose();
      // A session that its device took along has nothing left to release.
      await Promise.allSettled([...releases, onDevice?.release()]);
      engine.release?.();
    },
  };
}
