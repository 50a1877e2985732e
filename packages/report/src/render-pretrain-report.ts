import { page } from './html/page.ts';
import type { PretrainRun } from './pretrain-run.ts';
import { configuration } from './sections/configuration.ts';
import { dataFacts } from './sections/data-facts.ts';
import { channels } from './sections/pretrain/channels.ts';
import { errorTable } from './sections/pretrain/error-table.ts';
import { gallery } from './sections/pretrain/gallery.ts';
import { masthead } from './sections/pretrain/masthead.ts';
import { training } from './sections/pretrain/training.ts';

/**
 * Renders a pretraining run as one self-contained HTML page: no scripts, nothing loaded from elsewhere, every name of
 * the user escaped. Pure: the same run gives the same page. Missing or infinite numbers are shown as such; empty parts
 * are left out.
 *
 * @example
 * await writeFile('report.html', renderPretrainReport(run));
 */
export function renderPretrainReport(run: PretrainRun): string {
  return page({
    title: run.title,
    masthead: masthead(run),
    sections: [
      errorTable(run),
      gallery(run),
      training(run),
      channels(run),
      dataFacts(run.data),
      configuration(run),
    ],
  });
}
