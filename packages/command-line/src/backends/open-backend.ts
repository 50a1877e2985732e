import { type Backend, type BackendOptions, type Program, startBackend } from '@patchbert/backend';
import { PatchBertError } from '@patchbert/errors';
import type { ChosenBackend } from './choose-backend.ts';

/**
 * Starts a chosen backend. One from a module is held to what programs rely on: it says where it came from, and whatever it
 * throws is an error of one line that names it.
 *
 * @throws PatchBertError `backend/unavailable` with the reason, `backend/bad-option`, `backend/module-failed`.
 */
export async function openBackend(
  { adapter, module }: ChosenBackend,
  options: BackendOptions = {},
): Promise<Backend> {
  if (module === undefined) return startBackend([adapter], adapter.name, options);
  const where = `backend "${adapter.name}" of "${module}"`;
  const started = await typed(where, () => startBackend([adapter], adapter.name, options));
  if (typeof started?.compile !== 'function' || typeof started.capabilities?.engine !== 'string') {
    throw new PatchBertError(
      'backend/module-failed',
      `${where}: create() gave no backend, which has compile and capabilities; make the adapter with defineBackend.`,
    );
  }
  return {
    name: adapter.name,
    module,
    get capabilities() {
      return started.capabilities;
    },
    async compile(step, signature) {
      return typedProgram(where, await typed(where, () => started.compile(step, signature)));
    },
    dispose: () => typed(where, async () => started.dispose()),
  };
}

function typedProgram(where: string, program: Program): Program {
  return {
    run: (batch) => typed(where, () => program.run(batch)),
    readState: (names) => typed(where, () => program.readState(names)),
    writeState: (tensors) => typed(where, () => program.writeState(tensors)),
    dispose: () => program.dispose(),
  };
}

/** Makes whatever a module throws a PatchBertError of this copy of the class: a module may bring another, or throw plainly. */
async function typed<Result>(where: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof PatchBertError) throw error;
    const { name, code, message } = (error ?? {}) as Readonly<Record<string, unknown>>;
    if (name === 'PatchBertError' && typeof code === 'string') {
      throw new PatchBertError(code, String(message), { cause: error });
    }
    const [reason = ''] = String(message ?? error).split('\n');
    throw new PatchBertError('backend/module-failed', `${where} failed: ${reason}`, { cause: error });
  }
}
