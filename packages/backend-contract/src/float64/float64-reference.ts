import { type Backend, defineBackend, ensureGradients, type Program } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import { createFloat64Program } from './float64-program.ts';

/**
 * Steps in double precision, in plain JavaScript: what other backends are compared with, in tests and for ops of one's own.
 * Slow, meant for small tensors.
 *
 * A step is traced and evaluated kernel by kernel as it was written, without a pass over the graph, and the state stays in
 * double precision between runs. Tensors enter and leave in single precision, as they do everywhere.
 *
 * @example
 * const reference = await float64Reference.create();
 */
export const float64Reference = defineBackend({
  name: 'float64-reference',
  description: 'Double precision in plain JavaScript, slow: what others are compared with',
  async start() {
    await ensureGradients();
    return createReference();
  },
});

function createReference(): Omit<Backend, 'name'> {
  const programs = new Set<Program>();
  let disposed = false;
  return {
    capabilities: { trains: true, precision: 'float64', engine: 'JavaScript, double precision, 1 thread' },
    async compile(step, signature) {
      if (disposed) throw new PatchBertError('backend/disposed', 'float64-reference: compile after dispose.');
      const program = createFloat64Program(step, signature, () => programs.delete(program));
      programs.add(program);
      return program;
    },
    async dispose() {
      disposed = true;
      for (const program of programs) program.dispose();
    },
  };
}
