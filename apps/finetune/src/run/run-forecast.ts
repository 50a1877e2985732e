import {
  chooseBackend,
  chooseOutputFolder,
  defined,
  formatDuration,
  type OpenedData,
} from '@patchbert/command-line';
import { PatchBertError, parseConfig } from '@patchbert/errors';
import { checkForecast, type ForecastConfig, fitForecaster } from '@patchbert/forecast';
import { type PretrainConfig, preparePretraining, pretrainConfigSchema } from '@patchbert/train';
import type { ForecastFlags } from '../flags/forecast-flags.ts';
import { resultsText } from '../output/results-table.ts';
import { writeReport } from '../output/write-report.ts';
import { chooseCheckpoint } from '../source/choose-checkpoint.ts';
import { insertedRowsText, openSource, type SplitData, withSplits } from '../source/open-source.ts';
import { type ForecastRequest, forecastRequest } from './forecast-request.ts';
import { interrupted } from './interrupted.ts';
import { pretrainFirst } from './pretrain-first.ts';
import { writeRunConfig } from './run-config.ts';
import type { Session } from './session.ts';
import { withBackend } from './with-backend.ts';

/**
 * `patchbert-finetune forecast`: finds or pretrains an encoder, fits a forecaster, scores it and writes its folder. All
 * checks come before the first file is written.
 */
export async function runForecast(flags: ForecastFlags, session: Session): Promise<void> {
  const request = await forecastRequest(flags);
  const chosen = await chooseBackend(request.backend);
  const folder = await chooseOutputFolder(request.output, forecastName(request.data.source));
  const { split: shares, ...source } = request.data;
  const opened = await openSource(source, flags.dataDir);
  const inserted = insertedRowsText(opened);
  if (inserted !== undefined) session.onEvent({ type: 'warning', message: inserted });
  const config = completed(request, opened);
  const data = withSplits(opened, shares, config.horizons);
  refuseUnusedCheckpoint(request, config);
  const found =
    request.checkpoint !== undefined || needsEncoder(config)
      ? await chooseCheckpoint(request.checkpoint, data, config.contextLength)
      : undefined;
  const pretraining =
    needsEncoder(config) && found === undefined ? pretrainingConfig(request, data) : undefined;
  const runFolder = `${folder}-pretraining`;
  if (pretraining !== undefined) {
    checkForecast(config, data, pretraining.contextLength);
    await chooseOutputFolder(runFolder, '');
  }
  const leftBehind = `no forecaster was written${pretraining ? `; the encoder in "${runFolder}" is kept` : ''}.`;
  await withBackend(chosen, request.threads, session, async (backend) => {
    session.interrupt.begin();
    const checkpoint = await encoderFolder();
    const fitted = await fitForecaster({
      config,
      data,
      backend,
      folder,
      checkpoint,
      source: request.data.source,
      command: session.command,
      signal: session.interrupt.signal,
      onEvent(event) {
        // Between two batches is where a fit can stop without leaving anything.
        if (session.interrupt.signal.aborted) throw interrupted(leftBehind);
        session.onEvent(event);
      },
      ...defined({ audit: request.audit }),
    });
    await writeRunConfig(folder, request, config, checkpoint);
    const report = await writeReport(folder, data.title);
    const text = `
${resultsText(fitted.results)}

forecaster  ${folder}, fitted in ${formatDuration(fitted.seconds)}
report      ${report}
`;
    session.finish(text, { folder, report, seconds: fitted.seconds, results: fitted.results });

    /** The encoder asked for, found, or pretrained now; undefined when none goes in. */
    async function encoderFolder(): Promise<string | undefined> {
      const say = (text: string) => session.onEvent({ type: 'stage', text });
      if (found?.reason === 'newest run on this data')
        say(`encoder of ${found.folder}, the newest run on these data`);
      if (pretraining === undefined) return found?.folder;
      say(
        'no finished run in runs/ fits these data, so an encoder is pretrained first; --checkpoint takes another',
      );
      await pretrainFirst(pretraining, data, backend, runFolder, session);
      return runFolder;
    }
  });
}

/** Horizons that nobody named are those that papers report for the data. */
function completed({ config, horizonsGiven }: ForecastRequest, { horizons }: OpenedData): ForecastConfig {
  return horizonsGiven || horizons === undefined ? config : { ...config, horizons: [...horizons] };
}

/** Whether anything pretrained goes in: not into random weights, and not into the linear model alone. */
function needsEncoder({ adapt, linearWeight }: ForecastConfig): boolean {
  return adapt !== 'scratch' && linearWeight < 1;
}

/** Training from scratch takes the architecture and the context of a checkpoint; the linear model alone takes nothing. */
function refuseUnusedCheckpoint({ checkpoint }: ForecastRequest, { linearWeight }: ForecastConfig): void {
  if (checkpoint === undefined || linearWeight < 1) return;
  throw new PatchBertError(
    'finetune/checkpoint',
    `--checkpoint "${checkpoint}" does not apply: with --linear-weight 1 the linear model forecasts alone; leave one of them out.`,
  );
}

/** The pretraining that comes first, checked against the data. */
function pretrainingConfig({ pretraining, data: source }: ForecastRequest, data: SplitData): PretrainConfig {
  const { regularTimes: _times, idColumn: _id, ...known } = source;
  const complete = parseConfig(pretrainConfigSchema, { ...pretraining, data: known }, 'pretraining');
  preparePretraining(complete, data);
  return complete;
}

/** What the default folder of a forecaster is named after. */
function forecastName(source: string): string {
  return `${source.replace(/\.[a-z]{1,7}$/i, '')}-forecast`;
}
