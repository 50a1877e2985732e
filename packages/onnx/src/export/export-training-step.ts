import { ensureGradients, type Signature, type Step } from '@patchbert/backend';
import { standardForms } from '../lowering/operator-forms.ts';
import { type ExportedModel, lowerExported } from './exported-model.ts';
import { traceStep } from './trace-step.ts';

export interface ExportTrainingStepOptions {
  readonly step: Step;
  /** Its state and its batches; `signatureOf` of `@patchbert/train` reads it off both. */
  readonly signature: Signature;
  /** Text for whoever opens the model, by key. Default: none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default `training-step`. */
  readonly name?: string;
}

/**
 * A whole training step - forward, backward, optimiser - as one ONNX file of standard operators (opset 18), for batches of one
 * size. Inputs are `state:<name>` and `batch:<name>`; outputs are `next:<name>`, what to give as `state:<name>` the next time, and
 * `output:<name>`. An entry of the state that the step leaves as it is has no `next:<name>`. What the state begins with is not in
 * the file: it is an input like any other.
 *
 * @throws PatchBertError `backend/unsupported-kernel`, `backend/bad-step`.
 * @example
 * const { file } = await exportTrainingStep({ step: trainingStep(objective, optimiser, names), signature });
 */
export async function exportTrainingStep(options: ExportTrainingStepOptions): Promise<ExportedModel> {
  await ensureGradients();
  const { step, signature, metadata = {}, name = 'training-step' } = options;
  const { graph } = traceStep(step, signature, standardForms, 'exportTrainingStep');
  return lowerExported(graph, 'exportTrainingStep', {
    forms: standardForms,
    names: { input: (entry) => entry, output: (entry) => entry.replace(/^state:/, 'next:') },
    facts: { name, metadata },
  });
}
