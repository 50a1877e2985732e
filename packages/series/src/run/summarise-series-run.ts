import { PatchBertError } from '@patchbert/errors';
import { type RunSummary, readJson, readMetrics, runFolderAt } from '@patchbert/train';
import type { SeriesEvaluation } from './evaluate-series.ts';
import type { SeriesRunReceipt } from './series-run-receipt.ts';

/** A finished series run as one structure: what `@patchbert/report` draws. */
export interface SeriesRunSummary extends RunSummary {
  readonly data: RunSummary['data'] & {
    readonly wholeSeries: {
      readonly count: number;
      readonly shortest: number;
      readonly longest: number;
      readonly heldOut: number;
    };
  };
}

/**
 * Reads a finished run back from its folder. `rows` are points of all series.
 *
 * @throws PatchBertError `train/bad-run-folder` when the run is not finished.
 * @example
 * const html = renderPretrainReport(await summariseSeriesRun('runs/vowels'));
 */
export async function summariseSeriesRun(runFolder: string): Promise<SeriesRunSummary> {
  const folder = runFolderAt(runFolder);
  const receipt = (await readJson(folder.receipt)) as SeriesRunReceipt | undefined;
  if (receipt?.status !== 'finished') {
    const state = receipt
      ? `has done ${receipt.steps.done} of ${receipt.steps.planned} steps`
      : 'is not finished';
    throw new PatchBertError(
      'train/bad-run-folder',
      `summariseSeriesRun: the run in "${runFolder}" ${state}. Resume it first.`,
    );
  }
  const evaluation = (await readJson(folder.evaluation)) as SeriesEvaluation | undefined;
  const metrics = await readMetrics(folder.metrics);
  const training = metrics.filter((record) => record.kind === 'training');
  const seconds = receipt.sessions.reduce((sum, session) => sum + session.seconds, 0);
  const { data, split, model, command } = receipt;
  const { licence, citation } = data;
  const pointsPerSeries = data.points / data.series;
  return {
    title: `Pretraining on ${data.name}`,
    created: receipt.written,
    ...(command !== undefined && { command }),
    config: (await readJson(folder.config)) as Record<string, unknown>,
    data: {
      name: data.name,
      rows: data.points,
      channels: data.channels.map(({ name, missing, minimum, maximum, mean }) => ({
        name,
        missing,
        minimum: minimum ?? Number.NaN,
        maximum: maximum ?? Number.NaN,
        mean: mean ?? Number.NaN,
      })),
      trainRows: Math.round(split.trainSeries * pointsPerSeries),
      validationRows: Math.round(split.heldOutSeries * pointsPerSeries),
      ...(licence !== undefined && { licence }),
      ...(citation !== undefined && { citation }),
      sha256: data.files.length === 1 ? data.files[0]!.sha256 : data.fingerprint,
      wholeSeries: {
        count: data.series,
        shortest: data.shortest,
        longest: data.longest,
        heldOut: split.heldOutSeries,
      },
    },
    model: { parameters: model.parameters, flopsPerStep: model.flopsPerStep },
    environment: (await readJson(folder.environment)) as Record<string, string>,
    seconds,
    seriesPerSecond: seconds > 0 ? (training.length * model.seriesPerStep) / seconds : 0,
    training: training.map(({ step, loss, learningRate, gradientNorm }) => ({
      step,
      loss,
      learningRate,
      ...(gradientNorm !== undefined && { gradientNorm }),
    })),
    validation: metrics
      .filter((record) => record.kind === 'validation')
      .map(({ step, maskedError }) => ({ step, maskedError })),
    errors: evaluation?.errors ?? [],
    errorsByChannel: (evaluation?.errorsByChannel ?? []).map(({ channel, maskedError }) => ({
      channel,
      model: maskedError.model!,
      linearInterpolation: maskedError['linear interpolation']!,
    })),
    gallery: (await readJson(folder.gallery)) as RunSummary['gallery'],
  };
}
