import { type Html, html } from '../html/html.ts';

/** Who made the data, under which licence, and the hash of the file. */
export function source({ citation, licence, sha256 }: DataSource): Html {
  const lines = [
    citation,
    licence === undefined ? undefined : `Licence: ${licence}.`,
    sha256 === undefined ? undefined : `SHA-256 ${sha256}`,
  ].filter((text) => text !== undefined);
  if (lines.length === 0) return html``;
  return html`<p class="note" style="margin-top: 12px; max-width: none">${lines.map(
    (text, index) => html`${index === 0 ? undefined : html`<br>`}${text}`,
  )}</p>`;
}

export interface DataSource {
  readonly citation?: string | undefined;
  readonly licence?: string | undefined;
  readonly sha256?: string | undefined;
}
