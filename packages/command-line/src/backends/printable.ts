/** Text of unknown origin for a terminal: control characters, which could move its cursor or worse, become `?`. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
