import type { ForecastRun } from './forecast-run.ts';
import { page } from './html/page.ts';
import { audit } from './sections/audit.ts';
import { configuration } from './sections/configuration.ts';
import { dataFacts } from './sections/data-facts.ts';
import { facts } from './sections/facts.ts';
import { channels } from './sections/forecast/channels.ts';
import { gallery } from './sections/forecast/gallery.ts';
import { masthead } from './sections/forecast/masthead.ts';
import { results } from './sections/forecast/results.ts';
import { selection } from './sections/forecast/selection.ts';
import { stepErrors } from './sections/forecast/step-errors.ts';
import { training } from './sections/training.ts';

/**
 * Renders a forecaster and its test results as one self-contained HTML page: no scripts, nothing loaded from
 * elsewhere, every name of the user escaped. Pure: the same run gives the same page. Missing or infinite numbers are
 * shown as such; empty parts are left out.
 *
 * @example
 * await writeFile('report.html', renderForecastReport(run));
 */
export function renderForecastReport(run: ForecastRun): string {
  // Numbers of a forecaster that fails its audit are worth nothing: the reader has to see that first.
  const failed = run.audit?.some((check) => !check.passed) === true;
  return page({
    title: run.title,
    masthead: masthead(run),
    sections: [
      ...(failed ? [audit(run.audit, 'Rows that a forecast may not see were')] : []),
      results(run),
      gallery(run),
      stepErrors(run),
      channels(run),
      training(run.training),
      selection(run),
      ...(failed ? [] : [audit(run.audit, 'Rows that a forecast may not see were')]),
      facts(run.facts),
      dataFacts(run.data),
      configuration({ config: run.configuration, command: run.command }),
    ],
  });
}
