import { type Ratios, type Segment, type Split, splitSegments } from '@patchbert/data';
import { PatchBertError } from '@patchbert/errors';
import { forecastSplits } from './forecast-splits.ts';

/**
 * Which rows train, choose and test: shares by time, the borders of one recording, or those of every recording of a panel.
 */
export type SplitOption = Ratios | Split | readonly Split[];

/**
 * One split per recording: as it was said, else as `forecastSplits` does.
 *
 * @throws PatchBertError `data/bad-split`.
 * @example
 * const splits = givenSplits(panel.segments, { train: 0.6, validation: 0.2 }, [96]);
 */
export function givenSplits(
  segments: readonly Segment[],
  split: SplitOption | undefined,
  horizons: readonly number[],
): readonly Split[] {
  if (split === undefined) return forecastSplits(segments, horizons);
  const given = isList(split) ? split : isBorders(split) ? [split] : splitSegments(segments, split);
  if (given.length === segments.length) return given;
  throw new PatchBertError(
    'data/bad-split',
    `Forecaster: ${given.length} splits were given for ${segments.length} recordings; expected one each, or shares such as { train: 0.7, validation: 0.1 }.`,
  );
}

function isList(split: SplitOption): split is readonly Split[] {
  return Array.isArray(split);
}

function isBorders(split: Ratios | Split): split is Split {
  return typeof split.train === 'object';
}
