import { type Html, html, trusted } from './html.ts';
import { stylesheet } from './stylesheet.ts';

/** A whole page that runs no scripts and loads nothing, as a string. */
export function page({ title, masthead, sections }: PageParts): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${trusted(stylesheet)}</style>
</head>
<body>
${masthead}
<main>
${sections.map((section) => html`${section}\n`)}</main>
<footer>Made by PatchBERT. This page is complete in itself: it runs no scripts and loads nothing.</footer>
</body>
</html>
`.markup;
}

export interface PageParts {
  readonly title: string;
  readonly masthead: Html;
  readonly sections: readonly Html[];
}
