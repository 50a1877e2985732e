import { join } from 'node:path';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import type { HostTensors, TensorSpec } from '@patchbert/ops';
import type { LinearModel } from '@patchbert/probe';
import { channelGroups, encoderOf, featureWidth } from '@patchbert/series';
import { readModelDescription, readModelTensors, requireSeal, requireTensors } from '@patchbert/train';
import { type Member, memberSpecs, readoutFeatures } from '../member/member.ts';
import { outputCount } from '../task/series-task.ts';
import { CLASSIFIER_FILE, type ClassifierFile, classifierFileSchema } from './classifier-file.ts';

/**
 * Reads and checks what `saveClassifier` left: hashes, names and shapes must be those that were saved, and every weight a finite
 * number.
 *
 * @throws PatchBertError `classify/no-classifier`, `classify/bad-classifier`, `config/invalid`.
 */
export async function readClassifier(
  folder: string,
): Promise<{ readonly file: ClassifierFile; readonly members: readonly Member[] }> {
  const path = join(folder, CLASSIFIER_FILE);
  const refuse = (reason: string) => bad(folder, reason);
  const json = await readModelDescription(folder, CLASSIFIER_FILE, refuse).catch(
    (error: NodeJS.ErrnoException) => {
      if (error instanceof PatchBertError) throw error;
      throw new PatchBertError(
        'classify/no-classifier',
        `loadClassifier: "${path}" cannot be read (${error.code}); expected a folder that patchbert-finetune classify or regress left.`,
      );
    },
  );
  const file = parseConfig(classifierFileSchema, json, path);
  requireSeal(json, CLASSIFIER_FILE, refuse);
  const members: Member[] = [];
  for (const stored of file.members) members.push(await readMember(folder, stored, file));
  return { file, members };
}

async function readMember(
  folder: string,
  stored: ClassifierFile['members'][number],
  { inputs, target, config }: ClassifierFile,
): Promise<Member> {
  const refuse = (reason: string) => bad(folder, `${stored.file}: ${reason}`);
  const tensors = await readModelTensors(folder, stored, CLASSIFIER_FILE, refuse);
  const columns = featureWidth(readoutFeatures(inputs, config), encoderOf(inputs), channelGroups(inputs));
  const outputs = outputCount(target);
  const present = ['head', 'ridge'].filter((name) => Object.hasOwn(tensors, `${name}.weight`));
  if (present.length === 0) throw refuse('it has neither a head nor a ridge');
  const specs = memberSpecs(inputs, config);
  const readoutSpecs = present.flatMap((name): [string, TensorSpec][] => [
    [`${name}.weight`, { shape: [outputs, columns], dtype: 'float32' }],
    [`${name}.bias`, { shape: [outputs], dtype: 'float32' }],
  ]);
  requireTensors({ ...specs, ...Object.fromEntries(readoutSpecs) }, tensors, refuse);
  return {
    parameters: Object.fromEntries(Object.keys(specs).map((name) => [name, tensors[name]!])),
    readouts: Object.fromEntries(present.map((name) => [name, linearModel(tensors, name, outputs, columns)])),
  };
}

function linearModel(tensors: HostTensors, name: string, outputs: number, columns: number): LinearModel {
  const weight = tensors[`${name}.weight`]!.data as Float32Array;
  const bias = tensors[`${name}.bias`]!.data as Float32Array;
  return { outputs, columns, weight, bias };
}

function bad(folder: string, reason: string): PatchBertError {
  return new PatchBertError(
    'classify/bad-classifier',
    `loadClassifier: "${folder}" cannot be used: ${reason}. Fit it again or restore it from a copy.`,
  );
}
