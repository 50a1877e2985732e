import { PatchBertError } from '@patchbert/errors';
import type { Capabilities, Signature, StepResult } from './contract.ts';

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

/**
 * Checks that a step that changes state compiles only where training is fit to run.
 *
 * @throws PatchBertError `backend/cannot-train` that names the first entry the step changes.
 */
export function checkTrains(
  { name, capabilities }: { readonly name: string; readonly capabilities: Capabilities },
  changed: readonly string[],
): void {
  if (capabilities.trains || changed.length === 0) return;
  throw new PatchBertError(
    'backend/cannot-train',
    `compile: backend "${name}" (${capabilities.engine}, ${capabilities.precision}) is not fit for training, and the step changes ` +
      `"${changed[0]}". Choose another backend; steps that only read, such as a forecast, run here.`,
  );
}
