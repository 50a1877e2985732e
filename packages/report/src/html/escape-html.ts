const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Escapes text for HTML content and quoted attributes. Control characters, which no HTML page may hold, become U+FFFD.
 *
 * @example
 * escapeHtml('<b>"5 & 6"</b>'); // '&lt;b&gt;&quot;5 &amp; 6&quot;&lt;/b&gt;'
 */
export function escapeHtml(text: string): string {
  return replaceControlCharacters(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Replaces control characters (but tab and line ends) and lone surrogates by U+FFFD. */
export function replaceControlCharacters(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]|\p{Cs}/gu, '\uFFFD');
}
