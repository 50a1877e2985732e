import type { ClassificationRun } from './classification-run.ts';
import { page } from './html/page.ts';
import { audit } from './sections/audit.ts';
import { classes } from './sections/classification/classes.ts';
import { confidence } from './sections/classification/confidence.ts';
import { data } from './sections/classification/data.ts';
import { embeddingMap } from './sections/classification/embedding-map.ts';
import { masthead } from './sections/classification/masthead.ts';
import { mistakes } from './sections/classification/mistakes.ts';
import { predictions } from './sections/classification/predictions.ts';
import { reconstructions } from './sections/classification/reconstructions.ts';
import { results } from './sections/classification/results.ts';
import { selection } from './sections/classification/selection.ts';
import { configuration } from './sections/configuration.ts';
import { facts } from './sections/facts.ts';
import { training } from './sections/training.ts';

/**
 * Renders a classifier of whole series, or a regressor of one number per series, and its test results as one
 * self-contained HTML page: no scripts, nothing loaded from elsewhere, every name of the user escaped. Pure: the same
 * run gives the same page. Missing or infinite numbers are shown as such; empty parts are left out.
 *
 * @example
 * await writeFile('report.html', renderClassificationReport(run));
 */
export function renderClassificationReport(run: ClassificationRun): string {
  // Numbers of a model that fails its audit are worth nothing: the reader has to see that first.
  const failed = run.audit?.some((check) => !check.passed) === true;
  const checks = audit(run.audit, 'What a prediction may not depend on was');
  return page({
    title: run.title,
    masthead: masthead(run),
    sections: [
      ...(failed ? [checks] : []),
      results(run),
      classes(run),
      predictions(run),
      mistakes(run),
      confidence(run),
      embeddingMap(run),
      training(run.training),
      reconstructions(run),
      selection(run),
      ...(failed ? [] : [checks]),
      facts(run.facts),
      data(run),
      configuration({ config: run.configuration, command: run.command }),
    ],
  });
}
