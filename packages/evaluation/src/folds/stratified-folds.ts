import { PatchBertError } from '@patchbert/errors';
import { deriveKey, permutation, type RandomKey } from '@patchbert/random';
import { checkWhole } from '../check-whole.ts';
import { shuffledMembers } from './shuffled-members.ts';

/**
 * Parts for cross-validation in which every class is spread as evenly as it can be: neither the sizes of two folds nor their
 * numbers of one class differ by more than 1. A class with fewer examples than folds is in some folds only.
 *
 * @param labels `[count]`, any whole numbers >= 0.
 * @param folds 2 to `count`.
 * @returns for each fold the indices it holds out, ascending; every index is in one fold.
 * @throws PatchBertError `evaluation/bad-option`, `evaluation/bad-labels`.
 * @example
 * const [first] = stratifiedFolds(Int32Array.of(0, 0, 1, 1), 2, randomKey(0)); // one example of each class
 */
export function stratifiedFolds(labels: Int32Array, folds: number, key: RandomKey): Int32Array[] {
  checkFolds('stratifiedFolds', labels.length, folds);
  return dealt(shuffledMembers('stratifiedFolds', labels, key).flat(), folds);
}

/**
 * Parts for cross-validation, drawn at random; their sizes differ by 1 at most.
 *
 * @param folds 2 to `count`.
 * @returns for each fold the indices it holds out, ascending; every index from 0 to `count` - 1 is in one fold.
 * @throws PatchBertError `evaluation/bad-option`.
 * @example
 * const folds = plainFolds(10, 3, randomKey(0)); // 4, 3 and 3 indices
 */
export function plainFolds(count: number, folds: number, key: RandomKey): Int32Array[] {
  checkFolds('plainFolds', count, folds);
  return dealt([...permutation(deriveKey(key, 'folds'), count)], folds);
}

/**
 * What is not held out: the indices from 0 to `count` - 1 that are not in `fold`, ascending.
 *
 * @example
 * trainingPart(4, Int32Array.of(1, 2)); // [0, 3]
 */
export function trainingPart(count: number, fold: Int32Array): Int32Array {
  const held = new Set(fold);
  return Int32Array.from(Array.from({ length: count }, (_, i) => i).filter((i) => !held.has(i)));
}

/** One after the other to each fold in turn. */
function dealt(order: readonly number[], folds: number): Int32Array[] {
  return Array.from({ length: folds }, (_, fold) =>
    Int32Array.from(order.filter((_, place) => place % folds === fold)).sort(),
  );
}

function checkFolds(where: string, count: number, folds: number): void {
  checkWhole(where, 'folds', folds, 2);
  if (!(folds <= count)) {
    throw new PatchBertError(
      'evaluation/bad-option',
      `${where}: ${folds} folds need as many examples or more, there are ${count}; use fewer folds.`,
    );
  }
}
