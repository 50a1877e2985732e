import { type Html, html } from '../html/html.ts';

/** A strip of named facts across the page; six fill a row. */
export function factsStrip(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl class="facts">${entries.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
