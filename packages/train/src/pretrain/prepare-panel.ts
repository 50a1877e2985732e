import {
  createPanel,
  fitScaler,
  type Panel,
  panelOf,
  partsInOrder,
  type Rows,
  type Scaler,
  type Segment,
  type Split,
  splitSegments,
  windowCount,
} from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import type { PretrainConfig } from './config.ts';
import type { PretrainData } from './options.ts';

/** The recordings of a run; `splits` and `scalers` have one entry per segment. */
export interface PreparedPanel {
  readonly panel: Panel;
  /** In rows of the stacked frame. */
  readonly splits: readonly Split[];
  /** Mean and deviation of each channel over the training rows of the recording; only units depend on them. */
  readonly scalers: readonly Scaler[];
}

/** Most recordings an error names. */
const NAMED_SERIES = 5;

/**
 * Splits every recording and measures its channels; each has units of its own, as series of a panel may differ by orders
 * of magnitude.
 *
 * @throws PatchBertError `train/bad-split` for splits that do not belong to the segments, `data/too-few-rows` naming the
 * recordings whose training rows hold no window, and those of `createPanel`, `ratioSplit` and `fitScaler`.
 */
export function preparePanel(config: PretrainConfig, data: PretrainData): PreparedPanel {
  const { frame } = data;
  const panel = data.segments ? createPanel(frame, data.segments) : panelOf(frame);
  const splits = splitsOf(config, data, panel.segments);
  requireTrainingWindows(config, panel, splits);
  const scalers = panel.segments.map(({ id }, s) => fitScaler({ ...frame, name: id }, splits[s]!.train));
  return { panel, splits, scalers };
}

function splitsOf(
  config: PretrainConfig,
  { split, splits }: PretrainData,
  segments: readonly Segment[],
): readonly Split[] {
  if (config.data.split) return splitSegments(segments, config.data.split);
  const given = splits ?? (split && [split]);
  if (given === undefined) return splitSegments(segments);
  if (given.length !== segments.length) {
    throw badSplit(
      `${given.length} splits for ${segments.length} series; expected splits: one per segment, or none.`,
    );
  }
  segments.forEach(({ id, start, end }, s) => {
    const split = given[s]!;
    if (partsInOrder({ start, end }, split)) return;
    const { train, validation, test } = split;
    const borders = [train, validation, test].flatMap((rows) => [rows.start, rows.end]);
    throw badSplit(
      `the parts of "${id}" begin and end at rows ${borders.join(', ')}; expected training, validation and test rows in this order, ` +
        `none in two parts, within rows ${start} to ${end} of the frame.`,
    );
  });
  return given;
}

function requireTrainingWindows(
  { contextLength }: PretrainConfig,
  { frame, segments }: Panel,
  splits: readonly Split[],
): void {
  const lengths = splits.map(({ train }) => rowCount(train));
  const short = segments.filter((_, s) => windowCount(lengths[s]!, contextLength) === 0);
  if (short.length === 0) return;
  if (segments.length === 1) {
    const { train } = splits[0]!;
    throw new PatchBertError(
      'data/too-few-rows',
      `pretrain: the ${lengths[0]} training rows of "${frame.name}", ${train.start} to ${train.end} of ${frame.length}, hold no window ` +
        `of contextLength ${contextLength}. Use more data or a shorter contextLength.`,
    );
  }
  const named = short
    .slice(0, NAMED_SERIES)
    .map((segment) => `"${segment.id}" (${lengths[segments.indexOf(segment)]} rows)`);
  if (short.length > NAMED_SERIES) named.push(`${short.length - NAMED_SERIES} more`);
  throw new PatchBertError(
    'data/too-few-rows',
    `pretrain: the training rows of ${short.length} of ${segments.length} series of "${frame.name}" hold no window of ` +
      `contextLength ${contextLength}: ${named.join(', ')}. Leave them out, or use a contextLength of ${Math.min(...lengths)} or less.`,
  );
}

/** Number of rows of one part, over all recordings. */
export function partRows(splits: readonly Split[], part: keyof Split): number {
  return splits.reduce((sum, split) => sum + rowCount(split[part]), 0);
}

function rowCount({ start, end }: Rows): number {
  return end - start;
}

function badSplit(problem: string): PatchBertError {
  return new PatchBertError('train/bad-split', `pretrain: ${problem}`);
}
