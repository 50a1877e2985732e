import { type Html, html } from '../html/html.ts';

/** Keys in a row that wraps, followed by text. */
export function keys(entries: readonly Html[], text?: string): Html {
  return html`<span class="keys">${entries}</span>${text}`;
}

/** A colour key inside a caption; `color` names a custom property of the page. */
export function key(color: string, label: string, shape = ''): Html {
  return html`<span class="key ${shape}" style="--c: var(--${color})">${label}</span>`;
}
