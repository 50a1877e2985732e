import { gridWindowCount, type Rows, type SeriesSample, windowGrid, windowPlace } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { assemblePretrainBatch } from '../batches/assemble-pretrain-batch.ts';
import type { BatchPlan, PretrainBatch } from '../batches/batch-plan.ts';
import type { PreparedPanel } from './prepare-panel.ts';

/** Windows of a wide table with more channels than asked-for series. */
const FEWEST_WINDOWS = 4;

/** The validation set: the same windows with the same masks whenever they are used. */
export interface ValidationWindows {
  /** Single-channel series, padding not counted. */
  readonly series: number;
  /** Hidden, measured points that are scored. */
  readonly points: number;
  /** First and past-the-last row that any window reads; begins before the part when the part is short. */
  readonly rows: Rows;
  readonly batches: readonly PretrainBatch[];
}

export interface ValidationWindowsOptions {
  readonly leastSeries: number;
  readonly seriesPerBatch: number;
}

/**
 * Takes windows evenly from the validation rows, every channel of each, and draws their fixed masks. The last batch is
 * padded with weight 0. When the rows of a recording are fewer than two windows, its windows begin earlier, for more than a
 * handful of them; only points inside the validation rows are scored.
 *
 * @throws PatchBertError `train/nothing-to-validate` when no scored point has a value, `data/too-few-rows`.
 */
export function validationWindows(
  plan: BatchPlan,
  recordings: PreparedPanel,
  { leastSeries, seriesPerBatch }: ValidationWindowsOptions,
): ValidationWindows {
  const samples = evenSamples(plan, recordings, leastSeries);
  const batches: PretrainBatch[] = [];
  for (let first = 0; first < samples.length; first += seriesPerBatch) {
    const counted = samples.slice(first, first + seriesPerBatch);
    const padding = Array.from({ length: seriesPerBatch - counted.length }, () => counted[0]!);
    const padded = [...counted, ...padding];
    batches.push(
      assemblePretrainBatch(plan, {
        samples: padded,
        purpose: 'validation',
        weights: new Float32Array(seriesPerBatch).fill(1, 0, counted.length),
        scoredRows: padded.map(({ segment }) => recordings.splits[segment]!.validation),
      }),
    );
  }
  const points = batches.reduce((sum, { inputs }) => sum + countOnes(inputs.lossWeight!.data), 0);
  if (points === 0) {
    throw new PatchBertError(
      'train/nothing-to-validate',
      `pretrain: ${whichRows(recordings)} of "${plan.frame.name}" hold no hidden, measured point in ` +
        `${samples.length} series; choose a split whose validation rows have values, or raise validationSeries.`,
    );
  }
  const starts = samples.map(({ start }) => start);
  return {
    series: samples.length,
    points,
    rows: { start: starts[0]!, end: starts[starts.length - 1]! + plan.layout.contextLength },
    batches,
  };
}

function evenSamples(
  { frame, layout }: BatchPlan,
  { panel, splits }: PreparedPanel,
  leastSeries: number,
): SeriesSample[] {
  const { contextLength } = layout;
  const parts = splits.map(({ validation: { start, end } }, s) => {
    const early = Math.max(0, 2 * contextLength - (end - start));
    return { start: Math.max(panel.segments[s]!.start, start - early), end };
  });
  const grid = windowGrid(parts, { windowLength: contextLength });
  const channelCount = frame.channels.length;
  const available = gridWindowCount(grid);
  const wanted = Math.max(FEWEST_WINDOWS, Math.ceil(leastSeries / channelCount));
  const windows = Math.min(available, wanted);
  const samples: SeriesSample[] = [];
  for (let w = 0; w < windows; w++) {
    const index = windows === 1 ? 0 : Math.round((w * (available - 1)) / (windows - 1));
    const { segment, start } = windowPlace(grid, index);
    for (let channel = 0; channel < channelCount; channel++) {
      samples.push({ start, channel, segment, id: start * channelCount + channel });
    }
  }
  return samples;
}

function whichRows({ splits }: PreparedPanel): string {
  if (splits.length > 1) return `the validation rows of the ${splits.length} series`;
  const { start, end } = splits[0]!.validation;
  return `validation rows ${start} to ${end}`;
}

function countOnes(weights: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i]! > 0) count++;
  return count;
}
