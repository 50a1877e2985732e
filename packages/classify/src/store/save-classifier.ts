import { join } from 'node:path';
import { float32Tensor, type HostTensors } from '@patchbert/ops';
import type { LinearModel } from '@patchbert/probe';
import { writeSafetensors } from '@patchbert/safetensors';
import { replaceFile, sealed, sha256 } from '@patchbert/train';
import type { Member } from '../member/member.ts';
import type { Target } from '../task/series-task.ts';
import { CLASSIFIER_FILE, type ClassifierFile } from './classifier-file.ts';

/** A classifier without what follows from its members. */
export type ClassifierFacts = Omit<ClassifierFile, 'members' | 'format' | 'version' | 'sha256'>;

/** Writes the tensors of every member, then `classifier.json`, which names their hashes: what is half written never loads. */
export async function saveClassifier(
  folder: string,
  facts: ClassifierFacts,
  members: readonly Member[],
): Promise<ClassifierFile> {
  const stored: { file: string; sha256: string }[] = [];
  for (const [index, member] of members.entries()) {
    const file = `member-${index + 1}.safetensors`;
    const bytes = writeSafetensors(
      Object.entries(memberTensors(member)).map(([name, { shape, data }]) => [
        name,
        {
          dtype: 'F32' as const,
          shape,
          bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
        },
      ]),
    );
    await replaceFile(join(folder, file), bytes);
    stored.push({ file, sha256: sha256(bytes) });
  }
  const contents: ClassifierFile = sealed({
    format: 'patchbert-classifier',
    version: 1,
    ...facts,
    members: stored,
  });
  await replaceFile(join(folder, CLASSIFIER_FILE), `${JSON.stringify(contents, undefined, 2)}\n`);
  return contents;
}

function memberTensors({ parameters, readouts: { head, ridge } }: Member): HostTensors {
  return {
    ...parameters,
    ...(head && linearTensors('head', head)),
    ...(ridge && linearTensors('ridge', ridge)),
  };
}

function linearTensors(name: string, { weight, bias, outputs, columns }: LinearModel): HostTensors {
  return {
    [`${name}.weight`]: float32Tensor(weight, [outputs, columns]),
    [`${name}.bias`]: float32Tensor(bias, [outputs]),
  };
}

/** A target as plain data that may be written. */
export function storedTarget(target: Target): ClassifierFile['target'] {
  return target.kind === 'class' ? { kind: 'class', classes: [...target.classes] } : target;
}
