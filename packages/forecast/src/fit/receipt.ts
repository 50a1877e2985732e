import type { Backend } from '@patchbert/backend';
import { describeFrame, type Split } from '@patchbert/data';
import type { AuditFinding } from '@patchbert/evaluation';
import type { HorizonResult } from '../evaluate/horizon-result.ts';
import type { ForecasterFacts } from '../store/save-forecaster.ts';
import type { ForecastTask } from '../task/forecast-task.ts';
import { forecastWindows } from '../task/forecast-windows.ts';
import type { FitForecasterOptions } from './fit-forecaster.ts';
import type { Choice } from './fit-horizons.ts';
import type { FittedForecaster } from './fit-models.ts';
import type { EncoderOrigin } from './source-encoder.ts';

/** Recordings of a panel whose borders are written out. */
const MOST_SEGMENTS = 50;

/** `receipt.json`: what was read, what chose, what was scored, and how to do it again. */
export interface ForecastReceipt {
  readonly format: 'patchbert-forecast-receipt';
  /** ISO 8601, UTC. */
  readonly written: string;
  readonly command?: string;
  readonly patchbert: string;
  readonly seed: number;
  readonly seconds: number;
  readonly engine: {
    readonly backend: string;
    /** The module file or package of a backend that does not come with the program, as its user named it. */
    readonly backendModule?: string;
    readonly engine: string;
    readonly precision: string;
  };
  readonly data: {
    readonly source?: string;
    readonly name: string;
    readonly files: readonly { readonly path: string; readonly sha256: string }[];
    /** SHA-256 of the values themselves. */
    readonly fingerprint: string;
    readonly rows: number;
    readonly series: number;
    readonly channels: readonly {
      readonly name: string;
      readonly unit?: string;
      readonly missing: number;
      readonly minimum: number | null;
      readonly maximum: number | null;
      readonly mean: number | null;
    }[];
    readonly firstTime?: string;
    readonly lastTime?: string;
    readonly intervalSeconds?: number;
    readonly licence?: string;
    readonly citation?: string;
  };
  /** Rows of train, validation and test per recording (the first of many). */
  readonly splits: readonly ({ readonly id: string } & Split)[];
  readonly roles: { readonly trained: readonly string[]; readonly scored: readonly string[] };
  /** The training rows that the units of scores come from: no others were seen. */
  readonly unitRows: readonly { readonly start: number; readonly end: number }[];
  readonly windows: readonly {
    readonly horizon: number;
    readonly contextLength: number;
    readonly train: number;
    readonly validation: number;
    /** All of them are scored; none is dropped. */
    readonly test: number;
  }[];
  /** Left out by a forecaster that is a linear model alone. */
  readonly encoder?: EncoderOrigin;
  readonly selection: { readonly by: 'validation'; readonly choices: readonly Choice[] };
  /** The model card: one sentence per horizon. */
  readonly modelCard: readonly { readonly horizon: number; readonly verdict: string }[];
  readonly results: readonly {
    readonly horizon: number;
    readonly methods: readonly { readonly method: string; readonly mse: number; readonly mae: number }[];
  }[];
  readonly audit?: readonly AuditFinding[];
}

export interface ReceiptParts {
  readonly options: FitForecasterOptions;
  readonly facts: ForecasterFacts;
  readonly task: ForecastTask;
  readonly fitted: FittedForecaster;
  readonly results: readonly HorizonResult[];
  readonly audit: readonly AuditFinding[] | undefined;
  readonly backend: Backend;
  readonly seconds: number;
}

export function forecastReceipt({
  options,
  facts,
  task,
  fitted,
  results,
  audit,
  backend,
  seconds,
}: ReceiptParts): ForecastReceipt {
  const { data, command, source } = options;
  const { panel, splits, units } = task;
  const named = (channels: readonly number[]) => channels.map((c) => panel.frame.channels[c]!);
  return {
    format: 'patchbert-forecast-receipt',
    written: new Date().toISOString(),
    ...(command !== undefined && { command }),
    patchbert: facts.patchbert,
    seed: facts.config.seed,
    seconds,
    engine: {
      backend: backend.name,
      ...(backend.module !== undefined && { backendModule: backend.module }),
      engine: backend.capabilities.engine,
      precision: backend.capabilities.precision,
    },
    data: dataFacts(data, panel.segments.length, facts.dataFingerprint, source),
    splits: panel.segments.slice(0, MOST_SEGMENTS).map(({ id }, s) => ({ id, ...splits[s]! })),
    roles: { trained: named(task.trained), scored: named(task.scored) },
    unitRows: units.slice(0, MOST_SEGMENTS).map(({ rows }) => rows),
    windows: results.map(({ horizon, windows }) => ({
      horizon,
      contextLength: task.contextLength,
      train: forecastWindows(task, 'train', horizon).windows,
      validation: forecastWindows(task, 'validation', horizon).windows,
      test: windows,
    })),
    ...(facts.origin && { encoder: facts.origin }),
    selection: { by: 'validation', choices: fitted.horizons.flatMap(({ choices }) => choices) },
    modelCard: results.map(({ horizon, verdict }) => ({ horizon, verdict })),
    results: results.map(({ horizon, methods }) => ({
      horizon,
      methods: methods.map(({ method, scores: { mse, mae } }) => ({ method, mse, mae })),
    })),
    ...(audit && { audit }),
  };
}

function dataFacts(
  { frame, files, licence, citation, units }: FitForecasterOptions['data'],
  series: number,
  fingerprint: string,
  source: string | undefined,
): ForecastReceipt['data'] {
  const { channels, rows, firstTime, lastTime, intervalSeconds } = describeFrame(frame);
  return {
    ...(source !== undefined && { source }),
    name: frame.name,
    files: files ?? [],
    fingerprint,
    rows,
    series,
    channels: channels.map(({ name, missing, minimum, maximum, mean }) => ({
      name,
      ...(units?.[name] !== undefined && { unit: units[name] }),
      missing,
      minimum: finiteOrNull(minimum),
      maximum: finiteOrNull(maximum),
      mean: finiteOrNull(mean),
    })),
    ...(firstTime !== undefined && { firstTime }),
    ...(lastTime !== undefined && { lastTime }),
    ...(intervalSeconds !== undefined && { intervalSeconds }),
    ...(licence !== undefined && { licence }),
    ...(citation !== undefined && { citation }),
  };
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
