import { PatchBertError } from '@patchbert/errors';
import { plainReason } from '../session/plain-reason.ts';

/** What to say when onnxruntime-web does not start in this page. */
export function loadFailure(name: string, error: unknown): PatchBertError {
  return new PatchBertError(
    'backend/unavailable',
    `backend "${name}" cannot run here: onnxruntime-web does not start in this page (${plainReason(error)}). Its .wasm files must be ` +
      "served: see to it that the bundler keeps them, or say where they are by env.wasm.wasmPaths of 'onnxruntime-web'.",
    { cause: error },
  );
}
