import { parseNumber } from '../csv/parse-number.ts';

/**
 * A label as it is kept: without blanks around it, and a number in its shortest form, so that `1`, `1.0` and `1.0000000e+00` of
 * different files are one class. Texts, numbers with leading zeros and whole numbers beyond 2^53 stay as they are.
 */
export function canonicalLabel(text: string): string {
  const label = text.trim();
  const value = parseNumber(label);
  if (value === undefined || /^[+-]?0\d/.test(label)) return label;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return label;
  return String(value === 0 ? 0 : value);
}

/** Whether a text says that there is no label. */
export function isMissingLabel(text: string): boolean {
  return /^(\?|nan)?$/i.test(text.trim());
}
