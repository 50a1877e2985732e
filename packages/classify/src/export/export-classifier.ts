import { type ExportedModel, exportModel } from '@patchbert/onnx';
import { rawLength } from '@patchbert/series';
import type { Member } from '../member/member.ts';
import type { ClassifierFile } from '../store/classifier-file.ts';
import { readClassifier } from '../store/read-classifier.ts';
import {
  type RawClassifier,
  rawClassifyInputs,
  rawClassifyState,
  rawClassifyStep,
} from './raw-classify-step.ts';

/**
 * A fitted classifier or regressor as one ONNX file, from raw series to predictions: input `values` `[batch, length, channels]`, NaN
 * where a value is missing or a series has ended, a longer one cut at `length`; outputs `probabilities` `[batch, classes]` and `label`
 * `[batch]` (the place of the class among the metadata's), or `value` `[batch]`; and `features` `[batch, width]`, the vectors of the
 * first member's encoder. Scaling and the whole ensemble are inside.
 *
 * @param folder what `fitClassifier` or `fitRegressor` left.
 * @throws PatchBertError `classify/no-classifier`, `classify/bad-classifier`, `config/invalid`.
 * @example
 * const { file } = await exportClassifier('classifier');
 */
export async function exportClassifier(folder: string): Promise<ExportedModel> {
  return exportStored(await readClassifier(folder));
}

/** The same for a model in memory. */
export async function exportStored({
  file,
  members,
}: {
  readonly file: ClassifierFile;
  readonly members: readonly Member[];
}): Promise<ExportedModel> {
  const { target, inputs, config } = file;
  const raw: RawClassifier = { target, inputs, members, config };
  const kind = target.kind === 'class' ? 'classifier' : 'regressor';
  const metadata = {
    'patchbert.kind': kind,
    'patchbert.version': file.patchbert,
    'patchbert.length': `${rawLength(inputs.model)}`,
    'patchbert.channels': JSON.stringify(inputs.channels),
    ...(target.kind === 'class'
      ? { 'patchbert.classes': JSON.stringify(target.classes) }
      : { 'patchbert.trainingValues': JSON.stringify({ mean: target.mean, deviation: target.deviation }) }),
    'patchbert.scaler': JSON.stringify(inputs.scaler),
    'patchbert.dataFingerprint': file.dataFingerprint,
    'patchbert.config': JSON.stringify(config),
  };
  return exportModel({
    name: kind,
    step: rawClassifyStep(raw),
    state: rawClassifyState(raw),
    inputs: (batch) => rawClassifyInputs(raw, batch),
    metadata,
  });
}
