import { describeSeriesSet, type SeriesSet } from '@patchbert/data';
import { stepFlops } from '@patchbert/encoder';
import type { HostTensors } from '@patchbert/ops';
import {
  type CheckpointFacts,
  type PretrainReceipt,
  packageVersion,
  type RunSession,
  readJson,
  receiptHistory,
  runSession,
  writeJson,
} from '@patchbert/train';
import { tokenCount } from '../config/series-model.ts';
import { channelGroups } from '../input/series-inputs.ts';
import { keptPlaces } from '../input/token-places.ts';
import type { OpenSeriesRun } from './open-series-run.ts';
import type { PreparedSeriesRun } from './prepare-series-run.ts';
import type { PretrainSeriesOptions } from './series-run-options.ts';
import { type SeriesTrainingOutcome, seriesPerStep } from './train-series-run.ts';

/** `receipt.json`: what was read, what was counted, what judged the model, and how to do it again. */
export interface SeriesRunReceipt extends Pick<PretrainReceipt, 'rollbacks' | 'forced' | 'bitExact'> {
  readonly format: 'patchbert-series-pretrain-receipt';
  readonly status: 'finished' | 'interrupted';
  /** ISO 8601, UTC. */
  readonly written: string;
  readonly command?: string;
  readonly patchbert: string;
  readonly seed: number;
  readonly steps: { readonly done: number; readonly planned: number };
  readonly data: {
    readonly source: string;
    readonly name: string;
    readonly files: readonly { readonly path: string; readonly sha256: string }[];
    /** SHA-256 of channels and values, see `seriesFingerprint`. */
    readonly fingerprint: string;
    readonly series: number;
    readonly shortest: number;
    readonly longest: number;
    /** Points of all series. */
    readonly points: number;
    readonly channels: readonly ChannelFacts[];
    readonly labels: 'never read';
    readonly licence?: string;
    readonly citation?: string;
  };
  readonly split: {
    readonly trainSeries: number;
    readonly heldOutSeries: number;
    /** Series that validations score, and whether the model learned from them. */
    readonly scoredSeries: number;
    readonly scored: 'held-out' | 'training';
    /** Places of the held-out series in the data, from 0. */
    readonly heldOut: readonly number[];
  };
  /** The evaluated weights are those of the last step: nothing was chosen by the scores. */
  readonly evaluated: 'last step';
  readonly model: {
    readonly parameters: number;
    readonly flopsPerStep: number;
    readonly seriesPerStep: number;
    readonly tokens: number;
  };
  readonly sessions: readonly RunSession[];
}

interface ChannelFacts {
  readonly name: string;
  readonly missing: number;
  /** `null` when every value is missing. */
  readonly minimum: number | null;
  readonly maximum: number | null;
  readonly mean: number | null;
}

/** Number of weights. */
export function weightCount(parameters: HostTensors): number {
  return Object.values(parameters).reduce((sum, { data }) => sum + data.length, 0);
}

/** Writes the receipt of a run that ended, with the sessions before it. */
export async function writeSeriesReceipt(
  { backend, series, files = [], licence, citation, command }: PretrainSeriesOptions,
  { folder, prepared, resumed }: OpenSeriesRun,
  { step, seconds, parameters }: SeriesTrainingOutcome,
  facts: CheckpointFacts,
): Promise<void> {
  const { config, split, scored } = prepared;
  const before = (await readJson(folder.receipt)) as SeriesRunReceipt | undefined;
  const doneSteps = resumed?.checkpoint.step ?? 0;
  const earlier = (before?.sessions ?? []).filter(({ lastStep }) => lastStep <= doneSteps);
  const session = step > doneSteps ? [runSession(backend, doneSteps + 1, step, seconds)] : [];
  const planned = config.pretraining.training.steps;
  const asTyped = command ?? before?.command;
  const { shortest, longest } = describeSeriesSet(series);
  const receipt: SeriesRunReceipt = {
    format: 'patchbert-series-pretrain-receipt',
    status: step === planned ? 'finished' : 'interrupted',
    written: new Date().toISOString(),
    ...(asTyped !== undefined && { command: asTyped }),
    patchbert: packageVersion(),
    seed: config.seed,
    steps: { done: step, planned },
    data: {
      source: config.data.source,
      name: series.name,
      files,
      fingerprint: prepared.dataFingerprint,
      series: series.series.length,
      shortest,
      longest,
      points: series.series.reduce((sum, { values }) => sum + values[0]!.length, 0),
      channels: series.channels.map((name, c) => channelFacts(series, name, c)),
      labels: 'never read',
      ...(licence !== undefined && { licence }),
      ...(citation !== undefined && { citation }),
    },
    split: {
      trainSeries: split.train.length,
      heldOutSeries: split.heldOut.length,
      scoredSeries: scored.series.length,
      scored: split.heldOut.length > 0 ? 'held-out' : 'training',
      heldOut: split.heldOut,
    },
    evaluated: 'last step',
    model: {
      parameters: weightCount(parameters),
      flopsPerStep: flopsPerStep(prepared),
      seriesPerStep: seriesPerStep(prepared),
      tokens: tokenCount(prepared.inputs.model),
    },
    sessions: [...earlier, ...session],
    ...receiptHistory(facts),
  };
  await writeJson(folder.receipt, receipt);
}

/** Floating point operations of one training step; the heads count as one that reconstructs its inputs. */
function flopsPerStep(prepared: PreparedSeriesRun): number {
  const { inputs, encoder, config } = prepared;
  const patchCount = keptPlaces(tokenCount(inputs.model), config.pretraining.keptTokens);
  const series = seriesPerStep(prepared) * channelGroups(inputs);
  const model = { encoder: { ...encoder, patchCount }, corruption: 'token', target: 'values' } as const;
  return stepFlops(model, { series, maskedPatches: 0 }).training;
}

function channelFacts({ series }: SeriesSet, name: string, c: number): ChannelFacts {
  let [count, missing, sum] = [0, 0, 0];
  let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { values } of series) {
    for (const value of values[c]!) {
      if (Number.isNaN(value)) {
        missing++;
        continue;
      }
      count++;
      sum += value;
      minimum = Math.min(minimum, value);
      maximum = Math.max(maximum, value);
    }
  }
  if (count === 0) return { name, missing, minimum: null, maximum: null, mean: null };
  return { name, missing, minimum, maximum, mean: sum / count };
}
