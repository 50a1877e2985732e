import { PatchBertError } from '@patchbert/errors';
import type { Signature, StepResult } from './contract.ts';

/**
 * Checks that a step returned state entries it was given, with their shapes and types.
 *
 * @throws PatchBertError `backend/bad-step` that names the entry.
 */
export function checkStepResult(result: StepResult, signature: Signature): void {
  for (const [name, tensor] of Object.entries(result.state)) {
    const spec = Object.hasOwn(signature.state, name) ? signature.state[name] : undefined;
    if (spec === undefined) {
      throw new PatchBertError(
        'backend/bad-step',
        `compile: the step returned a state entry "${name}" that its signature does not declare.`,
      );
    }
    if (tensor.dtype !== spec.dtype || tensor.shape.join() !== spec.shape.join()) {
      throw new PatchBertError(
        'backend/bad-step',
        `compile: the step returned "${name}" as ${tensor.dtype} [${tensor.shape}]; its signature says ${spec.dtype} [${spec.shape}].`,
      );
    }
  }
}
