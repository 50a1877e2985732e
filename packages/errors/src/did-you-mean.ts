/** A longer word was no slip of the keyboard, and the work grows with the square of its length. */
const LONGEST_WORD = 100;

/**
 * Returns ` Did you mean "x"?` for the known word nearest to `word`, or an empty string when none is near
 * (Damerau-Levenshtein distance over a third of the length).
 *
 * @example
 * didYouMean('patchLenght', ['patchLength', 'stride']); // ' Did you mean "patchLength"?'
 */
export function didYouMean(word: string, known: readonly string[]): string {
  if (word.length > LONGEST_WORD) return '';
  let nearest = '';
  let nearestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    // The distance is at least the difference in length; known names may come from a stranger's file, of any length.
    if (Math.abs(candidate.length - word.length) > Math.max(candidate.length, word.length) / 3 + 1) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < nearestDistance) {
      nearest = candidate;
      nearestDistance = distance;
    }
  }
  const limit = Math.max(1, Math.floor(Math.max(word.length, nearest.length) / 3));
  return nearestDistance <= limit ? ` Did you mean "${nearest}"?` : '';
}

/** Optimal string alignment distance: insertions, deletions, substitutions and neighbouring swaps. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    const above = rows[i - 1]!;
    for (let j = 1; j <= b.length; j++) {
      const substitution = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(above[j]! + 1, row[j - 1]! + 1, substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
