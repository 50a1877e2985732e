import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { float32Tensor, type HostTensor, type HostTensors } from '@patchbert/ops';
import type { LinearModel } from '@patchbert/probe';
import { readSafetensors, toFloat32 } from '@patchbert/safetensors';
import { channelGroups, encoderOf, featureWidth } from '@patchbert/series';
import { sha256 } from '@patchbert/train';
import { type Member, memberSpecs, readoutFeatures } from '../member/member.ts';
import { outputCount } from '../task/series-task.ts';
import { CLASSIFIER_FILE, type ClassifierFile, classifierFileSchema } from './classifier-file.ts';

/**
 * Reads and checks what `saveClassifier` left.
 *
 * @throws PatchBertError `classify/no-classifier`, `classify/bad-classifier`, `config/invalid`.
 */
export async function readClassifier(
  folder: string,
): Promise<{ readonly file: ClassifierFile; readonly members: readonly Member[] }> {
  const path = join(folder, CLASSIFIER_FILE);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new PatchBertError(
      'classify/no-classifier',
      `loadClassifier: "${path}" cannot be read (${error.code}); expected a folder that patchbert-finetune classify or regress left.`,
    );
  });
  const file = parseConfig(classifierFileSchema, parseJson(path, text), path);
  const members: Member[] = [];
  for (const stored of file.members) members.push(await readMember(folder, stored, file));
  return { file, members };
}

async function readMember(
  folder: string,
  stored: ClassifierFile['members'][number],
  { inputs, target, config }: ClassifierFile,
): Promise<Member> {
  const bytes = await readFile(join(folder, stored.file)).catch((error: NodeJS.ErrnoException) => {
    throw bad(folder, `${stored.file} cannot be read (${error.code})`);
  });
  if (sha256(bytes) !== stored.sha256) {
    throw bad(
      folder,
      `${stored.file} is not the file that was saved: its SHA-256 differs from ${CLASSIFIER_FILE}`,
    );
  }
  const tensors: HostTensors = Object.fromEntries(
    [...readSafetensors(bytes).tensors].map(([name, tensor]) => [
      name,
      float32Tensor(toFloat32(tensor), tensor.shape),
    ]),
  );
  const encoder = encoderOf(inputs);
  const columns = featureWidth(readoutFeatures(inputs, config), encoder, channelGroups(inputs));
  const readout = (name: string) => linearModel(folder, tensors, name, outputCount(target), columns);
  const [head, ridge] = [readout('head'), readout('ridge')];
  if (!head && !ridge) throw bad(folder, `${stored.file} has neither a head nor a ridge`);
  return {
    parameters: Object.fromEntries(
      Object.entries(memberSpecs(inputs, config)).map(([name, { shape }]) => [
        name,
        expectTensor(folder, tensors, name, shape),
      ]),
    ),
    readouts: { ...(head && { head }), ...(ridge && { ridge }) },
  };
}

function linearModel(
  folder: string,
  tensors: HostTensors,
  name: string,
  outputs: number,
  columns: number,
): LinearModel | undefined {
  if (tensors[`${name}.weight`] === undefined) return undefined;
  const weight = expectTensor(folder, tensors, `${name}.weight`, [outputs, columns]).data as Float32Array;
  const bias = expectTensor(folder, tensors, `${name}.bias`, [outputs]).data as Float32Array;
  return { outputs, columns, weight, bias };
}

function expectTensor(
  folder: string,
  tensors: HostTensors,
  name: string,
  shape: readonly number[],
): HostTensor {
  const tensor = tensors[name];
  if (tensor && tensor.shape.join() === shape.join()) return tensor;
  const found = tensor ? `has ${name} as [${tensor.shape.join(', ')}]` : `has no ${name}`;
  throw bad(folder, `it ${found}, expected [${shape.join(', ')}]`);
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new PatchBertError(
      'classify/bad-classifier',
      `loadClassifier: "${path}" is not JSON; fit it again.`,
    );
  }
}

function bad(folder: string, reason: string): PatchBertError {
  return new PatchBertError(
    'classify/bad-classifier',
    `loadClassifier: "${folder}" cannot be used: ${reason}. Fit it again or restore it from a copy.`,
  );
}
