const LONGEST_QUOTE = 80;

/** Text from a file, fit for a one-line message: escaped, and cut when long. */
export function quote(text: string): string {
  const cut = text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
  return JSON.stringify(cut);
}
