import { join } from 'node:path';
import { PatchBertError } from '@patchbert/errors';
import { readJson, runFolderAt } from '@patchbert/train';
import type { HorizonResult, MethodResult } from '../evaluate/horizon-result.ts';
import type { LearningCurve } from '../fit/fit-models.ts';
import type { ForecastReceipt } from '../fit/receipt.ts';
import { FORECASTER_FILE, type ForecasterFile } from '../store/forecaster-file.ts';
import type { GalleryForecast } from './gallery.ts';

/** What a report shows of a forecaster; the shape that `renderForecastReport` of `@patchbert/report` takes. */
export type ForecastSummary = Awaited<ReturnType<typeof summariseForecast>>;

/**
 * Reads a fitted forecaster back from its folder, for its report.
 *
 * @throws PatchBertError `forecast/no-forecaster` when the folder does not hold a finished one.
 * @example
 * const page = renderForecastReport(await summariseForecast('forecaster'));
 */
export async function summariseForecast(folder: string) {
  const paths = runFolderAt(folder);
  const receipt = await required<ForecastReceipt>(paths.receipt);
  const file = await required<ForecasterFile>(join(folder, FORECASTER_FILE));
  const results = await required<readonly HorizonResult[]>(paths.evaluation);
  const gallery = await required<readonly GalleryForecast[]>(paths.gallery);
  const curves = await required<readonly LearningCurve[]>(join(folder, 'training.json'));
  const environment = await required<Record<string, string>>(paths.environment);
  const unitOf = (channel: string) => receipt.data.channels.find(({ name }) => name === channel)?.unit;
  const { config } = file;
  return {
    title: `Forecasting ${receipt.data.name}`,
    created: receipt.written,
    ...(receipt.command !== undefined && { command: receipt.command }),
    summary: {
      horizons: results.map(({ horizon }) => horizon),
      contextLength: file.contextLength,
      strategy: strategyOf(config.adapt, config.linearWeight),
      windows: results[0]!.windows,
      channels: receipt.roles.scored.length,
      seconds: receipt.seconds,
    },
    results: results.map(({ horizon, methods, verdict }) => ({
      horizon,
      level: SHOWN_LEVEL,
      rows: methods.map(scoreRow),
      verdict,
    })),
    perStep: results.map(({ horizon, methods }) => ({
      horizon,
      curves: methods.map(stepRow),
    })),
    perChannel: results.map(({ horizon, methods }) => ({
      horizon,
      baseline: bestOther(methods).method,
      channels: methods[0]!.scores.perChannel
        .filter(({ points }) => points > 0)
        .map((scores) => {
          const channel = file.channels[scores.channel]!;
          const unit = unitOf(channel);
          const other = bestOther(methods).scores.perChannel.find((one) => one.channel === scores.channel);
          return {
            channel,
            ...(unit !== undefined && { unit }),
            mse: scores.mse,
            mae: scores.mae,
            originalMae: scores.original.mae,
            baselineMse: other?.mse ?? null,
          };
        }),
    })),
    gallery: gallery.map(({ place, segment, horizon, error: _error, ...window }) => {
      const unit = unitOf(window.channel);
      return {
        ...window,
        title: [
          capitalised(place),
          ...(receipt.data.series > 1 ? [segment] : []),
          window.channel,
          ...(results.length > 1 ? [`horizon ${horizon}`] : []),
        ].join(' · '),
        ...(unit !== undefined && { unit }),
      };
    }),
    training: curves,
    selection: receipt.selection.choices.map(({ what, chosen, candidates }) => ({
      what,
      candidates: candidates.map(({ label, validation }) => ({
        label,
        validation,
        chosen: label === chosen,
      })),
    })),
    data: dataOf(receipt),
    facts: factsOf(receipt, file, environment),
    ...(receipt.audit && { audit: receipt.audit }),
    configuration: config as Record<string, unknown>,
  };
}

/** Of the interval whose coverage is told. */
const SHOWN_LEVEL = 0.8;

function scoreRow({ method, kind, scores }: MethodResult) {
  const coverage = shown(scores.coverage)?.share;
  return {
    method,
    kind,
    mse: scores.mse,
    mae: scores.mae,
    smape: scores.smape,
    ...(scores.mase !== undefined && { mase: scores.mase }),
    ...(coverage !== undefined && { coverage }),
  };
}

function stepRow({ method, scores: { perStep } }: MethodResult) {
  // A folder of an earlier version has no coverage by step.
  const coverage = shown(perStep.coverage ?? [])?.share.map(orNaN);
  return { method, mse: perStep.mse.map(orNaN), ...(coverage && { coverage }) };
}

function shown<T extends { readonly level: number }>(intervals: readonly T[]): T | undefined {
  return intervals.find(({ level }) => Math.abs(level - SHOWN_LEVEL) < 1e-9);
}

function bestOther(methods: readonly MethodResult[]): MethodResult {
  const others = methods.filter(({ kind }) => kind !== 'ours');
  return others.reduce((least, one) => (one.scores.mse < least.scores.mse ? one : least));
}

function strategyOf(adapt: string, linearWeight: number): string {
  if (linearWeight === 1) return 'linear ridge';
  const network = adapt === 'ridge' ? 'ridge head on the frozen encoder' : adapt;
  return linearWeight === 0 ? network : `${network}, averaged with a linear ridge`;
}

function dataOf({ data, splits, windows: _windows }: ForecastReceipt) {
  const rows = (part: 'train' | 'validation' | 'test') =>
    splits.reduce((sum, split) => sum + split[part].end - split[part].start, 0);
  return {
    name: data.name,
    rows: data.rows,
    series: data.series,
    channels: data.channels.map(({ name, missing, minimum, maximum, mean }) => ({
      name,
      missing,
      minimum: minimum ?? Number.NaN,
      maximum: maximum ?? Number.NaN,
      mean: mean ?? Number.NaN,
    })),
    ...(data.firstTime !== undefined && { firstTime: data.firstTime }),
    ...(data.lastTime !== undefined && { lastTime: data.lastTime }),
    trainRows: rows('train'),
    validationRows: rows('validation'),
    testRows: rows('test'),
    ...(data.licence !== undefined && { licence: data.licence }),
    ...(data.citation !== undefined && { citation: data.citation }),
    sha256: data.files.length === 1 ? data.files[0]!.sha256 : data.fingerprint,
  };
}

function factsOf(
  receipt: ForecastReceipt,
  file: ForecasterFile,
  environment: Record<string, string>,
): { label: string; value: string }[] {
  const [split] = receipt.splits;
  const range = ({ start, end }: { start: number; end: number }) => `${start} to ${end}`;
  return [
    { label: 'Encoder', value: encoderText(receipt) },
    ...(receipt.data.series === 1 && split
      ? [
          {
            label: 'Rows',
            value: `train ${range(split.train)}, validation ${range(split.validation)}, test ${range(split.test)}`,
          },
        ]
      : [{ label: 'Series', value: String(receipt.data.series) }]),
    ...receipt.windows.map(({ horizon, train, validation, test }) => ({
      label: `Windows at horizon ${horizon}`,
      value: `${train} train, ${validation} validation, ${test} test, all of them scored`,
    })),
    { label: 'Units of scores', value: 'deviation of each channel over its training rows' },
    { label: 'Season', value: file.seasonalPeriod > 1 ? `${file.seasonalPeriod} rows` : 'none found' },
    { label: 'Chosen on', value: 'validation rows only' },
    { label: 'Seed', value: String(receipt.seed) },
    ...Object.entries(environment).map(([label, value]) => ({ label, value })),
  ];
}

function encoderText({ encoder }: ForecastReceipt): string {
  if (encoder === undefined) return 'none: a linear model alone';
  if (encoder.step === undefined) return encoder.checkpoint;
  return `${encoder.checkpoint}${encoder.dataSource === undefined ? '' : `, pretrained on ${encoder.dataSource}`}`;
}

/** A score that no value was measured for is null in a file. */
function orNaN(value: number | null): number {
  return value ?? Number.NaN;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function required<T>(path: string): Promise<T> {
  const value = await readJson(path);
  if (value !== undefined) return value as T;
  throw new PatchBertError(
    'forecast/no-forecaster',
    `summariseForecast: "${path}" is not there; expected the folder that a finished fit left.`,
  );
}
