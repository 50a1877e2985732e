/** The largest finite 32-bit float. */
export const LARGEST_FLOAT32 = 3.4028234663852886e38;

/**
 * A plain decimal number such as `-1`, `.5` or `1.5e-3`, without spaces around it; undefined for anything
 * else, such as hex, `1_000`, `1,5`, `Infinity`, an empty text or a number beyond 32-bit floats.
 */
export function parseNumber(text: string): number | undefined {
  const value = Number(text);
  if (!(value <= LARGEST_FLOAT32 && value >= -LARGEST_FLOAT32)) return undefined;
  // Number() also takes '' and blanks as 0, and 0x1f, 0b1, 0o7.
  const first = text.charCodeAt(0);
  if (!(first > 0x20)) return undefined;
  if (first === 0x30 && text.charCodeAt(1) > 0x3a) return /^0[xob]/i.test(text) ? undefined : value;
  return text.charCodeAt(text.length - 1) > 0x20 ? value : undefined;
}

/** Why a text is not a number that could be read, and what to do; one clause. */
export function explainBadNumber(text: string, delimiter: string): string {
  if (/^[+-]?[\d.]+(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number.parseFloat(text)) === false) {
    return 'is beyond the range of numbers; expected a finite number';
  }
  if (/^[+-]?inf(inity)?$/i.test(text))
    return 'is infinite; expected a finite number, or NaN for a missing value';
  if (Number.isFinite(Number(text)) && /^[+-]?[\d.]/.test(text) && !/^[+-]?0[xob]/i.test(text)) {
    return 'is beyond the range of 32-bit floats; rescale the column';
  }
  if (/^[+-]?0[xob]/i.test(text)) return 'is not a decimal number; write it in decimal';
  if (delimiter !== ';' && text.includes(';')) return 'is not a number; set delimiter if it is ";"';
  if (delimiter !== '\t' && text.includes('\t')) return 'is not a number; set delimiter if it is a tab';
  if (/^[+-]?\d{1,3}([.,' _]\d{3})+([.,]\d+)?$/.test(text) || /^[+-]?\d+[,'_ ]\d+/.test(text)) {
    return 'is not a plain number; write numbers like 1234.5, without other marks';
  }
  return 'is not a number';
}
