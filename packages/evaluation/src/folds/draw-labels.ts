import { PatchBertError } from '@patchbert/errors';
import type { RandomKey } from '@patchbert/random';
import { checkWhole } from '../check-whole.ts';
import { shuffledMembers } from './shuffled-members.ts';

/**
 * Which examples keep their label when labels are few: `perClass` of every class (all of a smaller one), or a `fraction` of
 * every class, rounded, 1 at least. With the same key a smaller draw is part of a larger one.
 *
 * @param labels `[count]`, any whole numbers >= 0.
 * @returns indices, ascending.
 * @throws PatchBertError `evaluation/bad-option`, `evaluation/bad-labels`.
 * @example
 * drawLabels(Int32Array.of(0, 0, 0, 1, 1), { perClass: 1 }, randomKey(0)); // one index of each class
 */
export function drawLabels(
  labels: Int32Array,
  amount: { readonly perClass: number } | { readonly fraction: number },
  key: RandomKey,
): Int32Array {
  if ('perClass' in amount) checkWhole('drawLabels', 'perClass', amount.perClass);
  else if (!(amount.fraction > 0 && amount.fraction <= 1)) {
    throw new PatchBertError(
      'evaluation/bad-option',
      `drawLabels: fraction is ${amount.fraction}; expected a share above 0, up to 1.`,
    );
  }
  const kept = shuffledMembers('drawLabels', labels, key).flatMap((members) => {
    const count = 'perClass' in amount ? amount.perClass : Math.round(amount.fraction * members.length);
    return members.slice(0, Math.max(1, count));
  });
  return Int32Array.from(kept).sort();
}
