import type { Backend } from '@patchbert/backend';
import { describeFrame, type Rows, type Segment, type Split } from '@patchbert/data';
import { parameterCount, stepFlops } from '@patchbert/encoder';
import type { CheckpointFacts } from '../checkpoints/checkpoint.ts';
import type { ForcedResume, Rollback } from '../checkpoints/run-history.ts';
import { packageVersion } from '../run-folder/environment.ts';
import type { PretrainConfig } from './config.ts';
import type { PretrainData } from './options.ts';
import type { PreparedPretraining } from './prepare.ts';
import { scheduleLength } from './schedule-of.ts';

/** A stretch of steps by one process. */
export interface RunSession {
  readonly firstStep: number;
  readonly lastStep: number;
  readonly backend: string;
  /** The module file or package of a backend that does not come with the program, as its user named it. */
  readonly backendModule?: string;
  readonly engine: string;
  readonly precision: string;
  /** Training seconds, without validation and saving. */
  readonly seconds: number;
}

/** `receipt.json`: what was read, what was counted, what chose the model, and how to do it again. */
export interface PretrainReceipt {
  readonly format: 'patchbert-pretrain-receipt';
  readonly status: 'finished' | 'interrupted';
  /** ISO 8601, UTC. */
  readonly written: string;
  readonly command?: string;
  readonly patchbert: string;
  readonly seed: number;
  readonly steps: { readonly done: number; readonly planned: number; readonly schedule: number };
  readonly data: {
    readonly source: string;
    readonly name: string;
    readonly files: readonly { readonly path: string; readonly sha256: string }[];
    /** SHA-256 of the values themselves, see `frameFingerprint`. */
    readonly fingerprint: string;
    readonly rows: number;
    readonly channels: readonly ChannelFacts[];
    readonly firstTime?: string;
    readonly lastTime?: string;
    readonly licence?: string;
    readonly citation?: string;
  };
  /** Of a single recording. */
  readonly split?: Split;
  /** Of several: the rows of each and its split, all in rows of the stacked table. */
  readonly recordings?: readonly (Segment & { readonly split: Split })[];
  readonly windows: {
    readonly contextLength: number;
    readonly patchLength: number;
    readonly patchCount: number;
    /** Oldest points of a window that no patch holds. */
    readonly droppedPoints: number;
    readonly maskedPatches: number;
    readonly seriesPerStep: number;
    /** Distinct single-channel training windows, all inside the training rows. */
    readonly trainSeries: number;
    readonly validationSeries: number;
    readonly validationPoints: number;
    /** Rows that validation windows read; only points inside the validation rows are scored. */
    readonly validationReads: Rows;
  };
  /** Which rows decided about units: the floor under window variances and `scaledError`. */
  readonly normalisation: {
    readonly statistics: string;
    readonly scalerRows: Rows | readonly Rows[];
  };
  readonly selection: {
    /** The evaluated weights are those of the last step: nothing was chosen on the scored split. */
    readonly evaluated: 'last step';
    readonly bestStep?: number;
    readonly bestBy: 'validation';
    readonly testRowsRead: 0;
  };
  readonly model: { readonly parameters: number; readonly flopsPerStep: number; readonly preset: string };
  readonly sessions: readonly RunSession[];
  /** Returns to earlier checkpoints after training diverged, and the factor of all later learning rates. */
  readonly rollbacks?: readonly Rollback[];
  /** Continuations that were forced, and what was not as before. */
  readonly forced?: readonly ForcedResume[];
  /** Whether one engine ran every step and nothing was forced: only then does the command give the same bits again. */
  readonly bitExact: boolean;
}

interface ChannelFacts {
  readonly name: string;
  readonly missing: number;
  /** `null` when every value is missing. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
}

export interface ReceiptOptions {
  readonly config: PretrainConfig;
  readonly data: PretrainData;
  readonly prepared: PreparedPretraining;
  readonly facts: CheckpointFacts;
  readonly status: PretrainReceipt['status'];
  readonly step: number;
  readonly sessions: readonly RunSession[];
  readonly command?: string | undefined;
}

/** Floating point operations of one training step. */
export function trainingFlops({ model, sampler, maskedPatches }: PreparedPretraining): number {
  return stepFlops(model, { series: sampler.seriesPerBatch, maskedPatches }).training;
}

/** The session of this process. */
export function runSession(
  backend: Backend,
  firstStep: number,
  lastStep: number,
  seconds: number,
): RunSession {
  const { name, module, capabilities } = backend;
  const { engine, precision } = capabilities;
  const from = module === undefined ? {} : { backendModule: module };
  return { firstStep, lastStep, backend: name, ...from, engine, precision, seconds };
}

/** What a receipt says of the history in a checkpoint. */
export function receiptHistory({
  rollbacks,
  forced,
  mixedEngines,
}: CheckpointFacts): Pick<PretrainReceipt, 'rollbacks' | 'forced' | 'bitExact'> {
  return {
    ...(rollbacks && { rollbacks }),
    ...(forced && { forced }),
    bitExact: mixedEngines !== true && forced === undefined,
  };
}

export function pretrainReceipt(options: ReceiptOptions): PretrainReceipt {
  const { config, data, prepared, facts, status, step, sessions, command } = options;
  const { layout } = prepared.plan;
  const { channels, rows, firstTime, lastTime } = describeFrame(data.frame);
  return {
    format: 'patchbert-pretrain-receipt',
    status,
    written: new Date().toISOString(),
    ...(command !== undefined && { command }),
    patchbert: packageVersion(),
    seed: config.seed,
    steps: { done: step, planned: config.steps, schedule: scheduleLength(config) },
    data: {
      source: config.data.source,
      name: data.frame.name,
      files: data.files ?? [],
      fingerprint: facts.dataFingerprint,
      rows,
      channels: channels.map((channel) => ({
        name: channel.name,
        missing: channel.missing,
        minimum: finiteOrNull(channel.minimum),
        maximum: finiteOrNull(channel.maximum),
        mean: finiteOrNull(channel.mean),
      })),
      ...(firstTime !== undefined && { firstTime }),
      ...(lastTime !== undefined && { lastTime }),
      ...(data.licence !== undefined && { licence: data.licence }),
      ...(data.citation !== undefined && { citation: data.citation }),
    },
    ...recordedSplits(prepared),
    windows: {
      contextLength: layout.contextLength,
      patchLength: layout.patchLength,
      patchCount: layout.patchCount,
      droppedPoints: layout.dropped,
      maskedPatches: prepared.maskedPatches,
      seriesPerStep: prepared.sampler.seriesPerBatch,
      trainSeries: prepared.trainSeries,
      validationSeries: prepared.validation.series,
      validationPoints: prepared.validation.points,
      validationReads: prepared.validation.rows,
    },
    normalisation: {
      statistics: 'mean and deviation of each window over its visible, measured points',
      scalerRows: scalerRows(prepared),
    },
    selection: {
      evaluated: 'last step',
      ...(facts.best && { bestStep: facts.best.step }),
      bestBy: 'validation',
      testRowsRead: 0,
    },
    model: {
      parameters: parameterCount(prepared.model),
      flopsPerStep: trainingFlops(prepared),
      preset: config.model.preset,
    },
    sessions,
    ...receiptHistory(facts),
  };
}

function recordedSplits({
  panel,
  splits,
}: PreparedPretraining): Pick<PretrainReceipt, 'split' | 'recordings'> {
  if (splits.length === 1) return { split: splits[0]! };
  return { recordings: panel.segments.map((segment, s) => ({ ...segment, split: splits[s]! })) };
}

function scalerRows({ scalers }: PreparedPretraining): Rows | readonly Rows[] {
  const rows = scalers.map((scaler) => scaler.rows);
  return rows.length === 1 ? rows[0]! : rows;
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
