import { parseNumber } from '../csv/parse-number.ts';

/** Different labels in order: as numbers when every one is a number, else by code point. */
export function sortLabels(labels: readonly string[]): string[] {
  const areNumbers = labels.every((label) => parseNumber(label) !== undefined);
  return [...labels].sort((a, b) => (areNumbers ? Number(a) - Number(b) : 0) || compareCodePoints(a, b));
}

/** By code point; `<` compares 16-bit units, in which emoji come before some letters. */
function compareCodePoints(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = left[i]!.codePointAt(0)! - right[i]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
