import type { BackendAdapter } from '@patchbert/backend';
import { tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { table } from '../output/table.ts';

/** The backends the programs ship, the default first. A custom one is one more element. */
export const adapters: readonly BackendAdapter[] = [onnxCpu, tfjsCpu];

export const defaultBackend = onnxCpu.name;

/** The listing of the sub-command `backends`. */
export async function describeBackends(): Promise<string> {
  const rows = await Promise.all(
    adapters.map(async (adapter) => {
      const availability = await adapter.isAvailable();
      const state = availability.available ? 'runs here' : `does not run here: ${availability.reason}`;
      return [adapter.name, adapter.name === defaultBackend ? `${state} (default)` : state];
    }),
  );
  return table([['backend', ''], ...rows]);
}
