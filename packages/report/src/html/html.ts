import { escapeHtml } from './escape-html.ts';

/** A piece of HTML that is safe to place in a page as it is. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | undefined | readonly Html[];

/**
 * Builds HTML from a template; every interpolated string is escaped, so that text of a user can never become markup.
 * `Html` values, and arrays of them, are placed as they are; `undefined` leaves nothing.
 *
 * @example
 * html`<td>${'<script>'}</td>`.markup; // '<td>&lt;script&gt;</td>'
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = strings[0]!;
  for (const [index, part] of parts.entries()) markup += place(part) + strings[index + 1]!;
  return { markup };
}

/** Marks markup of our own making (a stylesheet, a rendered chart) as safe. */
export function trusted(markup: string): Html {
  return { markup };
}

function place(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  if ('markup' in part) return part.markup;
  return part.map((piece) => piece.markup).join('');
}
