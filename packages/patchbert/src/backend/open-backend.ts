import { type Backend, type BackendAdapter, startBackend, tfjsCpu } from '@patchbert/backend';
import { adapters as onnxAdapters, onnxCpu } from '@patchbert/backend-onnx';
import { didYouMean, PatchBertError } from '@patchbert/errors';

/** Backends that come with this package, the default first; others are given as their adapters. */
const adapters: readonly BackendAdapter[] = [...onnxAdapters, tfjsCpu];

/** Backends that come with this package and can run in Node. */
export type BackendName =
  | 'onnx-cpu'
  | 'onnx-webgpu'
  | 'onnx-cuda'
  | 'onnx-coreml'
  | 'onnx-directml'
  | 'tfjs-cpu';

export interface BackendOption {
  /**
   * What computes: a name; an adapter, of another package (`tfjsWasm` of `@patchbert/backend-wasm`) or your own (`defineBackend`); or
   * a backend that is open already, which stays yours to dispose of. Default: `onnx-cpu`.
   */
  readonly backend?: BackendName | BackendAdapter | Backend;
  /** CPU threads of a backend that is started here. Default: the number of physical cores. */
  readonly threads?: number;
}

export interface OpenedBackend {
  readonly backend: Backend;
  /** Disposes of a backend that was started here; one that was given stays open. */
  close(): Promise<void>;
}

/**
 * Starts the backend that was asked for, or takes the open one.
 *
 * @throws PatchBertError `backend/unknown`, `backend/unavailable`, `backend/bad-option`.
 */
export async function openBackend({
  backend = onnxCpu.name as BackendName,
  threads,
}: BackendOption): Promise<OpenedBackend> {
  const options = threads === undefined ? {} : { threads };
  if (typeof backend === 'string') {
    requireKnown(backend);
    return owned(await startBackend(adapters, backend, options));
  }
  if (isAdapter(backend)) return owned(await startBackend([backend], backend.name, options));
  if (!isBackend(backend)) {
    throw new PatchBertError(
      'backend/bad-option',
      `backend is ${String(backend)}; expected a name (${knownNames().join(', ')}), an adapter, or an open backend.`,
    );
  }
  if (threads !== undefined) {
    throw new PatchBertError(
      'backend/bad-option',
      `threads ${threads} cannot be set on the open backend ${backend.name}; open it with that number.`,
    );
  }
  return { backend, close: async () => {} };
}

function requireKnown(name: string): void {
  const known = knownNames();
  if (known.includes(name)) return;
  throw new PatchBertError(
    'backend/unknown',
    `unknown backend "${name}".${didYouMean(name, known)} Known backends: ${known.join(', ')}. One of another package, or of ` +
      'your own, is given as its adapter, such as tfjsWasm of @patchbert/backend-wasm.',
  );
}

function knownNames(): readonly string[] {
  return adapters.map(({ name }) => name);
}

function owned(backend: Backend): OpenedBackend {
  return { backend, close: () => backend.dispose() };
}

function isAdapter(value: BackendAdapter | Backend): value is BackendAdapter {
  return typeof (value as BackendAdapter | null)?.create === 'function';
}

function isBackend(value: Backend): value is Backend {
  return typeof (value as Backend | null)?.compile === 'function';
}
