import { PatchBertError } from '@patchbert/errors';
import { deriveKey, permutation, type RandomKey } from '@patchbert/random';

/** The examples of each class that has any, classes ascending, each in an order of its own; throws `evaluation/bad-labels`. */
export function shuffledMembers(where: string, labels: Int32Array, key: RandomKey): number[][] {
  const members = new Map<number, number[]>();
  labels.forEach((label, i) => {
    if (label < 0) {
      throw new PatchBertError(
        'evaluation/bad-labels',
        `${where}: label ${i} is ${label}; expected 0 or more, examples without label left out.`,
      );
    }
    const ofClass = members.get(label);
    if (ofClass === undefined) members.set(label, [i]);
    else ofClass.push(i);
  });
  return [...members]
    .sort(([a], [b]) => a - b)
    .map(([label, own]) => [...permutation(deriveKey(key, 'class', label), own.length)].map((i) => own[i]!));
}
