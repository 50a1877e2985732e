import { html, trusted } from './html/html.ts';
import { stylesheet } from './html/stylesheet.ts';
import type { PretrainRun } from './pretrain-run.ts';
import { channels } from './sections/channels.ts';
import { configuration } from './sections/configuration.ts';
import { dataFacts } from './sections/data-facts.ts';
import { errorTable } from './sections/error-table.ts';
import { gallery } from './sections/gallery.ts';
import { masthead } from './sections/masthead.ts';
import { training } from './sections/training.ts';

/**
 * Renders a pretraining run as one self-contained HTML page: no scripts, nothing loaded from elsewhere, every name of
 * the user escaped. Pure: the same run gives the same page. Missing or infinite numbers are shown as such; empty parts
 * are left out.
 *
 * @example
 * await writeFile('report.html', renderPretrainReport(run));
 */
export function renderPretrainReport(run: PretrainRun): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${run.title}</title>
<style>${trusted(stylesheet)}</style>
</head>
<body>
${masthead(run)}
<main>
${errorTable(run)}
${gallery(run)}
${training(run)}
${channels(run)}
${dataFacts(run)}
${configuration(run)}
</main>
<footer>Made by PatchBERT. This page is complete in itself: it runs no scripts and loads nothing.</footer>
</body>
</html>
`.markup;
}
