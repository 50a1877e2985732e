import { type Backend, type BackendAdapter, tfjsCpu } from '@patchbert/backend';
import { onnxCpu } from '@patchbert/backend-onnx';
import { afterAll, beforeAll } from 'vitest';

/** Engines that every test of numbers runs on. */
export const engines: readonly BackendAdapter[] = [tfjsCpu, onnxCpu];

/** A backend for the tests of a `describe`. */
export function startedBackend(adapter: BackendAdapter): () => Backend {
  let backend: Backend | undefined;
  beforeAll(async () => {
    backend = await adapter.create();
  });
  afterAll(async () => backend?.dispose());
  return () => backend!;
}
