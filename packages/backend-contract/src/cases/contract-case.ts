import type { Backend, BackendAdapter } from '@patchbert/backend';

/** One requirement of the backend contract; `check` throws when the backend does not meet it. */
export interface ContractCase {
  readonly name: string;
  check(adapter: BackendAdapter): Promise<void>;
}

/** A case on a backend of its own, which is disposed afterwards. */
export function withBackend(
  name: string,
  check: (backend: Backend, adapter: BackendAdapter) => Promise<void>,
): ContractCase {
  return {
    name,
    async check(adapter) {
      const backend = await adapter.create();
      try {
        await check(backend, adapter);
      } finally {
        await backend.dispose();
      }
    },
  };
}
