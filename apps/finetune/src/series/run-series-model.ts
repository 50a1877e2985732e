import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CrossValidation,
  crossValidate,
  fitClassifier,
  fitRegressor,
  summariseClassification,
} from '@patchbert/classify';
import {
  askedBackend,
  chooseBackend,
  chooseOutputFolder,
  defined,
  formatDuration,
  openSeries,
} from '@patchbert/command-line';
import type { SeriesModelFlags } from '../flags/series-model-flags.ts';
import type { Session } from '../run/session.ts';
import { withBackend } from '../run/with-backend.ts';
import { writeSeriesConfig } from './series-config-file.ts';
import { crossValidationText, seriesResultsText } from './series-results-table.ts';
import { type SeriesModelRequest, seriesModelRequest } from './series-settings.ts';

/** `patchbert-finetune classify`: pretrains, fine-tunes, scores once on the test series, and writes a folder. */
export async function runClassify(flags: SeriesModelFlags, session: Session): Promise<void> {
  return runSeriesModel('class', flags, session);
}

/** `patchbert-finetune regress`: the same for a number per series. */
export async function runRegress(flags: SeriesModelFlags, session: Session): Promise<void> {
  return runSeriesModel('value', flags, session);
}

async function runSeriesModel(
  kind: 'class' | 'value',
  flags: SeriesModelFlags,
  session: Session,
): Promise<void> {
  const request = await seriesModelRequest(flags, kind);
  const chosen = await chooseBackend(request.backend);
  const verb = kind === 'class' ? 'classify' : 'regress';
  const folder = await chooseOutputFolder(request.output, `${dataName(request)}-${verb}`);
  const opened = await openSeries(request.data, defined({ dataDirectory: flags.dataDir }));
  const { train, test, title, files, licence, citation } = opened;
  if (test === undefined) {
    session.onEvent({
      type: 'warning',
      message: 'there are no test series, so nothing is scored; --train and --test name a pair of files',
    });
  }
  const { checkpoint, map } = request;
  await withBackend(chosen, request.threads, session, async (backend) => {
    session.interrupt.begin();
    const { signal } = session.interrupt;
    const { onEvent } = session;
    const { candidates, folds } = request;
    const crossValidation =
      folds === undefined
        ? undefined
        : await crossValidate({
            kind,
            train,
            candidates,
            folds,
            seed: request.config.seed,
            checkpoint,
            backend,
            signal,
            onEvent,
          });
    const config = chosenConfig(request, crossValidation);
    const fit = kind === 'class' ? fitClassifier : fitRegressor;
    const fitted = await fit({
      config,
      train,
      test,
      checkpoint,
      backend,
      folder,
      files,
      licence,
      citation,
      command: session.command,
      crossValidation,
      map,
      signal,
      onEvent,
    });
    const { target: _target, ...data } = request.data;
    await writeSeriesConfig(folder, config, {
      data,
      ...defined({ checkpoint, backend: askedBackend(request.backend) }),
    });
    const report = await writeReport(folder, kind, title);
    const parts = [
      ...(crossValidation ? [crossValidationText(crossValidation)] : []),
      ...(fitted.results.length > 0 ? [`${seriesResultsText(fitted.results)} ${fitted.verdict}`] : []),
      `${kind === 'class' ? 'classifier' : 'regressor '}  ${folder}, fitted in ${formatDuration(fitted.seconds)}\nreport      ${report}`,
    ];
    const { results, verdict, seconds } = fitted;
    session.finish(`\n${parts.join('\n\n')}\n`, {
      folder,
      report,
      seconds,
      verdict,
      results,
      ...defined({ crossValidation }),
    });
  });
}

function chosenConfig(
  { candidates, config }: SeriesModelRequest,
  crossValidation: CrossValidation | undefined,
): SeriesModelRequest['config'] {
  const chosen = crossValidation?.candidates.findIndex((one) => one.chosen) ?? -1;
  return candidates[chosen]?.config ?? config;
}

async function writeReport(folder: string, kind: 'class' | 'value', title: string): Promise<string> {
  // Charts take half of the program's start; only a finished run needs them.
  const { renderClassificationReport } = await import('@patchbert/report');
  const summary = await summariseClassification(folder);
  const heading = kind === 'class' ? `Classifying ${title}` : `Predicting a value of ${title}`;
  const path = join(folder, 'report.html');
  await writeFile(path, renderClassificationReport({ ...summary, title: heading }));
  return path;
}

/** What the default folder is named after. */
function dataName({ data: { source, train = '' } }: SeriesModelRequest): string {
  return (source ?? train).replace(/\.[a-z]{1,7}$/i, '').replace(/_TRAIN$/i, '');
}
