import { PatchBertError } from '@patchbert/errors';
import type { PretrainEvaluation } from '../pretrain/evaluation.ts';
import type { GalleryWindow } from '../pretrain/gallery.ts';
import { partRows } from '../pretrain/prepare-panel.ts';
import type { PretrainReceipt } from '../pretrain/receipt.ts';
import { readMetrics, type TrainingRecord } from './metrics-log.ts';
import { readJson, runFolderAt } from './run-folder.ts';

/** A finished run as one structure: what `@patchbert/report` draws. */
export interface RunSummary {
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly command?: string;
  readonly config: Record<string, unknown>;
  readonly data: {
    readonly name: string;
    readonly rows: number;
    readonly channels: readonly {
      readonly name: string;
      readonly missing: number;
      readonly minimum: number;
      readonly maximum: number;
      readonly mean: number;
    }[];
    readonly firstTime?: string;
    readonly lastTime?: string;
    readonly trainRows: number;
    readonly validationRows: number;
    readonly licence?: string;
    readonly citation?: string;
    readonly sha256?: string;
  };
  readonly model: { readonly parameters: number; readonly flopsPerStep: number; readonly preset?: string };
  readonly environment: Record<string, string>;
  /** Training seconds of all processes of the run. */
  readonly seconds: number;
  readonly seriesPerSecond: number;
  readonly training: readonly {
    readonly step: number;
    readonly loss: number;
    readonly learningRate: number;
    readonly gradientNorm?: number;
  }[];
  readonly validation: readonly { readonly step: number; readonly maskedError: number }[];
  readonly errors: PretrainEvaluation['errors'];
  readonly errorsByChannel: readonly {
    readonly channel: string;
    readonly model: number;
    readonly linearInterpolation: number;
  }[];
  readonly gallery: readonly GalleryWindow[];
}

/**
 * Reads a finished run back from its folder.
 *
 * @throws PatchBertError `train/bad-run-folder` when the run is not finished.
 * @example
 * const html = renderPretrainReport(await summariseRun('runs/first'));
 */
export async function summariseRun(runFolder: string): Promise<RunSummary> {
  const folder = runFolderAt(runFolder);
  const config = await required<Record<string, unknown>>(folder.config);
  const environment = await required<Record<string, string>>(folder.environment);
  const receipt = await required<PretrainReceipt>(folder.receipt);
  const evaluation = await required<PretrainEvaluation>(folder.evaluation);
  if (receipt.status !== 'finished' || receipt.steps.done !== evaluation.step) {
    throw new PatchBertError(
      'train/bad-run-folder',
      `summariseRun: the run in "${runFolder}" has done ${receipt.steps.done} of ${receipt.steps.planned} steps. Resume it ` +
        'first.',
    );
  }
  const gallery = await required<GalleryWindow[]>(folder.gallery);
  const metrics = await readMetrics(folder.metrics);
  const training = metrics.filter((record) => record.kind === 'training');
  const { data } = receipt;
  const splits = receipt.recordings?.map(({ split }) => split) ?? [receipt.split!];
  const seconds = trainingSeconds(training);
  const seriesPerStep = receipt.windows.seriesPerStep;
  const { firstTime, lastTime, licence, citation } = data;
  const sha256 = data.files.length === 1 ? data.files[0]!.sha256 : data.fingerprint;
  return {
    title: `Pretraining on ${data.name}`,
    created: receipt.written,
    ...(receipt.command !== undefined && { command: receipt.command }),
    config,
    data: {
      name: data.name,
      rows: data.rows,
      channels: data.channels.map(({ name, missing, minimum, maximum, mean }) => ({
        name,
        missing,
        minimum: minimum ?? Number.NaN,
        maximum: maximum ?? Number.NaN,
        mean: mean ?? Number.NaN,
      })),
      ...(firstTime !== undefined && { firstTime }),
      ...(lastTime !== undefined && { lastTime }),
      trainRows: partRows(splits, 'train'),
      validationRows: partRows(splits, 'validation'),
      ...(licence !== undefined && { licence }),
      ...(citation !== undefined && { citation }),
      sha256,
    },
    model: receipt.model,
    environment,
    seconds,
    seriesPerSecond: seconds > 0 ? (training.length * seriesPerStep) / seconds : 0,
    training: training.map(({ step, loss, learningRate, gradientNorm }) => ({
      step,
      loss,
      learningRate,
      ...(gradientNorm !== undefined && { gradientNorm }),
    })),
    validation: metrics
      .filter((record) => record.kind === 'validation')
      .map(({ step, maskedError }) => ({ step, maskedError })),
    errors: evaluation.errors,
    errorsByChannel: evaluation.errorsByChannel.map(({ channel, maskedError }) => ({
      channel,
      model: maskedError.model!,
      linearInterpolation: maskedError['linear interpolation']!,
    })),
    gallery,
  };
}

/** The log counts from 0 in every process; one that was killed has left its lines, but no session in the receipt. */
function trainingSeconds(training: readonly TrainingRecord[]): number {
  let total = 0;
  training.forEach(({ seconds }, index) => {
    const next = training[index + 1];
    if (next === undefined || next.seconds < seconds) total += seconds;
  });
  return total;
}

async function required<T>(path: string): Promise<T> {
  const value = await readJson(path);
  if (value === undefined) {
    throw new PatchBertError(
      'train/bad-run-folder',
      `summariseRun: "${path}" is not there; the run is not finished. Resume it first.`,
    );
  }
  return value as T;
}
